/** Stops what starting it began. Calling it twice does nothing the second time. */
export type Stop = () => void;

/** A set of listeners for one kind of event. Events announce; they never ask for an answer. */
export interface Listeners<T> {
  add(listener: (event: T) => void): Stop;
  emit(event: T): void;
}

export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(event: T) => void>();
  return {
    add(listener) {
      // Wrapped so that adding one function twice gives two independent subscriptions.
      const entry = (event: T): void => {
        listener(event);
      };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
  };
}
