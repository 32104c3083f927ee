import type { StoreApi } from 'zustand/vanilla';

/** The first state of a store for which something holds. */
export function until<T>(store: StoreApi<T>, holds: (state: T) => boolean): Promise<T> {
  if (holds(store.getState())) return Promise.resolve(store.getState());
  return new Promise((resolve) => {
    const stop = store.subscribe((state) => {
      if (!holds(state)) return;
      stop();
      resolve(state);
    });
  });
}
