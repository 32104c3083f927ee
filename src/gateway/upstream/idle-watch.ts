import type { Clock, EpochMillis } from '../clock.ts';

export interface IdleWatchOptions {
  readonly clock: Clock;
  /** How long nobody may have used the server; 0 never ends it. */
  readonly idleMillis: number;
  /** Somebody uses it now, or waits for news from it. */
  readonly isBusy: () => boolean;
  readonly onIdle: () => void;
}

/** Tells when nobody has used a server for long. */
export interface IdleWatch {
  /** The server is there: time runs from now. */
  begin(): void;
  /** Somebody used it. */
  used(): void;
  end(): void;
}

/** How soon a server that is busy when its time comes is looked at again. */
const MAX_RECHECK_MILLIS = 1_000;

export function createIdleWatch({ clock, idleMillis, isBusy, onIdle }: IdleWatchOptions): IdleWatch {
  let usedAt: EpochMillis = 0;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const rest = usedAt + idleMillis - clock.now();
    if (rest > 0) lookAgain(rest);
    else if (isBusy()) lookAgain(Math.min(idleMillis, MAX_RECHECK_MILLIS));
    else onIdle();
  }

  function lookAgain(millis: number): void {
    timer = setTimeout(look, Math.ceil(millis));
    timer.unref();
  }

  return {
    begin() {
      clearTimeout(timer);
      if (idleMillis === 0) return;
      usedAt = clock.now();
      lookAgain(idleMillis);
    },
    used() {
      if (idleMillis > 0) usedAt = clock.now();
    },
    end() {
      clearTimeout(timer);
    },
  };
}
