export interface FirstAnswer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
  /** Listeners added with this are gone when the wait is over. */
  readonly whileWaiting: { readonly signal: AbortSignal };
}

export interface Patience {
  /** Longest wait, in milliseconds. */
  readonly ms: number;
  /** Why the wait failed when nothing came. */
  readonly late: string;
  readonly signal: AbortSignal;
}

/** Waits for the first word of the other side; rejects when it does not come in time or the signal ends the wait. */
export function awaitFirst<T>({ ms, late, signal }: Patience, listen: (first: FirstAnswer<T>) => void): Promise<T> {
  const waiting = new AbortController();
  const whileWaiting = { signal: waiting.signal };
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(late));
    }, ms);
    waiting.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
    signal.addEventListener(
      'abort',
      () => {
        reject(new Error('Stopped.'));
      },
      whileWaiting,
    );
    listen({ resolve, reject, whileWaiting });
  }).finally(() => {
    waiting.abort();
  });
}
