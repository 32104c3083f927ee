import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
const DEADLINE_MS = 15_000;

/**
 * Asks again until `probe` answers with something that is neither null nor false, and fails with `what` when it never does.
 * For states that only another process knows; the deadline bounds a failing test, it asserts nothing about speed.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | null | false | Promise<T | null | false>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`Never happened: ${what}`);
    await delay(POLL_MS);
  }
}
