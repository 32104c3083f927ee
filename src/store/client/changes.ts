import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';

/** What a wait is for: any trace when null. */
export type Subject = TraceId | null;

/** A change looked out for from the moment this was made, so that none between asking and waiting is missed. */
export interface Lookout {
  /** Resolves when the subject changed, `waitMs` passed or the signal aborts, whichever comes first. */
  wait(waitMs: number, signal: AbortSignal | undefined): Promise<void>;
  end(): void;
}

interface Watcher {
  readonly subject: Subject;
  hasChanged: boolean;
  wake: () => void;
}

/** Tells who waits that something was stored. */
export class Changes {
  readonly #watchers = new Set<Watcher>();
  #latest: Cursor;
  #hasEnded = false;

  constructor(latest: Cursor) {
    this.#latest = latest;
  }

  /** The highest revision known to be stored. */
  get latest(): Cursor {
    return this.#latest;
  }

  /** True when there will be no more changes. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** `changed`: the ids of the traces that did, with spaces between them, or `all`. */
  announce(latest: Cursor, changed: string): void {
    const hasRisen = latest > this.#latest;
    this.#latest = Math.max(latest, this.#latest);
    for (const watcher of [...this.#watchers]) {
      const concerned =
        watcher.subject === null
          ? hasRisen || changed === 'all'
          : changed === 'all' || changed.includes(watcher.subject);
      if (!concerned) continue;
      watcher.hasChanged = true;
      watcher.wake();
    }
  }

  /** Wakes everyone for good. */
  end(): void {
    this.#hasEnded = true;
    this.announce(this.#latest, 'all');
  }

  lookout(subject: Subject): Lookout {
    const watcher: Watcher = { subject, hasChanged: this.#hasEnded, wake: () => undefined };
    this.#watchers.add(watcher);
    return {
      wait: async (waitMs, signal) => {
        if (!watcher.hasChanged) await pause(waitMs, signal, (wake) => (watcher.wake = wake));
      },
      end: () => {
        this.#watchers.delete(watcher);
      },
    };
  }
}

/** Resolves after `waitMs`, when the signal aborts, or when what `onStart` was given is called. */
export function pause(
  waitMs: number,
  signal: AbortSignal | undefined,
  onStart?: (wake: () => void) => void,
): Promise<void> {
  if (waitMs <= 0 || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, waitMs);
    signal?.addEventListener('abort', wake);
    onStart?.(wake);
  });
}
