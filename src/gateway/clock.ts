/** Milliseconds since 1970-01-01T00:00:00Z, with a fraction. */
export type EpochMillis = number;

/** Wall-clock time that never steps back within a trace (R95). */
export interface Clock {
  now(): EpochMillis;
  /**
   * Follows the wall clock again where the monotonic one fell behind it, as after the machine slept. Called when a root
   * begins, so that a trace under way keeps one time line.
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
