import type { Clock, EpochMillis } from '../clock.ts';
import { NOBODY_THERE, UpstreamFailure } from '../failure.ts';

export interface HealthCheckOptions {
  readonly clock: Clock;
  /** 0 never checks. */
  readonly intervalMillis: number;
  /** When anything last came from the server; null when it has no session to be asked on. */
  readonly lastHeardAt: () => EpochMillis | null;
  /** Asks the server; rejects with an UpstreamFailure when it does not answer within `patienceMillis`. */
  readonly ask: (patienceMillis: number) => Promise<void>;
  /** The server did not answer twice in a row, nor say anything else meanwhile. */
  readonly onGone: () => void;
}

/** Asks a server that has been silent whether it is still there (R55). One question at a time. */
export interface HealthCheck {
  begin(): void;
  end(): void;
}

const MAX_PATIENCE_MILLIS = 10_000;
const MISSED_BEFORE_GONE = 2;

export function createHealthCheck(options: HealthCheckOptions): HealthCheck {
  const { clock, intervalMillis, lastHeardAt, ask, onGone } = options;
  let timer: NodeJS.Timeout | undefined;
  let missed = 0;
  /** What was begun in an earlier round is of no interest any more. */
  let round = 0;

  function later(millis: number): void {
    timer = setTimeout(() => {
      void look(round);
    }, Math.ceil(millis));
    timer.unref();
  }

  async function look(mine: number): Promise<void> {
    const heardAt = lastHeardAt();
    const silence = heardAt === null ? 0 : clock.now() - heardAt;
    if (silence < intervalMillis) {
      missed = 0;
      later(intervalMillis - silence);
      return;
    }
    const askedAt = clock.now();
    const isSilent = await asked();
    if (mine !== round) return;
    missed = isSilent && (lastHeardAt() ?? 0) < askedAt ? missed + 1 : 0;
    if (missed >= MISSED_BEFORE_GONE) onGone();
    else later(intervalMillis);
  }

  async function asked(): Promise<boolean> {
    try {
      await ask(Math.min(intervalMillis, MAX_PATIENCE_MILLIS));
      return false;
    } catch (error) {
      return error instanceof UpstreamFailure && NOBODY_THERE.has(error.category);
    }
  }

  return {
    begin() {
      round += 1;
      missed = 0;
      clearTimeout(timer);
      if (intervalMillis > 0) later(intervalMillis);
    },
    end() {
      round += 1;
      clearTimeout(timer);
    },
  };
}
