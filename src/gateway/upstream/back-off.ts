export interface BackOff {
  /** In milliseconds. */
  readonly first: number;
  readonly most: number;
}

/** Each further attempt waits up to this part longer or shorter, so that many that failed at once do not return at once. */
const JITTER = 0.25;

/**
 * How long to wait before the next attempt when `failures` (from 1) in a row have failed: twice as long each time, up to
 * the most. `random` is at least 0 and below 1.
 */
export function pauseBefore(failures: number, { first, most }: BackOff, random: number): number {
  const steady = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return Math.round(steady * (1 - JITTER + 2 * JITTER * random));
}
