import type { Stop } from '../../shared/kernel/listeners.ts';
import type { StoreHost } from './store-host.ts';

/** Traces grow too old also while nothing is stored. */
const LOOK_EVERY_MILLIS = 60_000;

/** `onEvicted` is given the ids of the traces that went. The timer keeps no thread alive. */
export function startLimitsTimer(store: Pick<StoreHost, 'enforceLimits'>, onEvicted: (changed: string) => void): Stop {
  const timer = setInterval(() => {
    let changed: string;
    try {
      changed = store.enforceLimits();
    } catch {
      // Nothing has changed then, for example because the disk is full; the next look tries again.
      return;
    }
    if (changed !== '') onEvicted(changed);
  }, LOOK_EVERY_MILLIS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
