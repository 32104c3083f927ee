/** Milliseconds since 1970-01-01T00:00:00Z, with a fraction. */
export type EpochMillis = number;

/** Wall-clock time whose differences are those of a monotonic clock (R95). */
export interface Clock {
  now(): EpochMillis;
  /**
   * Follows the wall clock again where the monotonic one left it, as after the machine slept. Called when a root begins:
   * a trace under way keeps one time line unless such a jump falls into it.
   */
  follow(): void;
}

const DRIFT_LIMIT_MILLIS = 100;

export function createClock(wall: () => number = Date.now, monotonic: () => number = () => performance.now()): Clock {
  let offset = wall() - monotonic();
  return {
    now: () => offset + monotonic(),
    follow() {
      const current = wall() - monotonic();
      if (Math.abs(current - offset) > DRIFT_LIMIT_MILLIS) offset = current;
    },
  };
}
