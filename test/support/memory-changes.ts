/** Wakes those who wait for news. */
export interface Changes {
  announce(): void;
  /** Resolves when `isNews` holds, or after `waitMs`; rejects when the asker leaves. */
  until(isNews: () => boolean, waitMs: number, signal: AbortSignal | undefined): Promise<void>;
}

export function createChanges(): Changes {
  let waiting: (() => void)[] = [];
  const changes: Changes = {
    announce() {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    until(isNews, waitMs, signal) {
      if (waitMs === 0 || isNews()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, waitMs);
        waiting.push(() => {
          clearTimeout(timer);
          resolve(changes.until(isNews, waitMs, signal));
        });
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(new Error('Stopped.'));
        });
      });
    },
  };
  return changes;
}
