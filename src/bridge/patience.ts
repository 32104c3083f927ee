import { setTimeout as delay } from 'node:timers/promises';

export const FIRST_PAUSE_MILLIS = 100;
export const LONGEST_PAUSE_MILLIS = 1_000;

/** The pause after one that was not long enough. */
export function longer(pause: number): number {
  return Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
}

/** Resolves after so many milliseconds, or when the signal cuts it short. */
export async function pauseFor(millis: number, signal: AbortSignal): Promise<void> {
  // Rejects only when it is cut short, after which the caller looks whether to go on.
  await delay(millis, null, { signal }).catch(() => undefined);
}

/** What `promise` resolves with, or null when it has not by the deadline, on the clock of `performance.now()`. */
export async function inTime<T>(promise: Promise<T>, deadline: number): Promise<T | null> {
  const patience = new AbortController();
  const tooLong = delay(Math.max(0, deadline - performance.now()), null, { signal: patience.signal });
  try {
    return await Promise.race([promise, tooLong]);
  } finally {
    patience.abort();
    tooLong.catch(() => undefined);
  }
}
