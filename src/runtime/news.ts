/** Something that people wait for. Bounded by how many of them there are; nothing is queued. */
export interface News {
  announce(): void;
  /** Resolves when something is announced, after `waitMs`, when `signal` aborts, or when the news has stopped. */
  next(waitMs: number, signal?: AbortSignal): Promise<void>;
  readonly waiting: number;
  /** Lets everybody go, from now on at once. Idempotent. */
  stop(): void;
  readonly hasStopped: boolean;
}

export function createNews(): News {
  const waiting = new Set<() => void>();
  let hasStopped = false;
  const announce = (): void => {
    for (const wake of [...waiting]) wake();
  };
  return {
    announce,
    next(waitMs, signal) {
      if (hasStopped || waitMs <= 0 || signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, waitMs);
        waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
    get waiting() {
      return waiting.size;
    },
    stop() {
      hasStopped = true;
      announce();
    },
    get hasStopped() {
      return hasStopped;
    },
  };
}
