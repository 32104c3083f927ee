import { millisToUnixNano } from '../../src/shared/domain/ids.ts';
import { millisBetween } from '../../src/shared/domain/ids.ts';
import type { UnixNano } from '../../src/shared/domain/ids.ts';

/** Milliseconds from `since` to a moment of this machine's clock, never negative: clocks may differ by a little. */
export function elapsedSince(since: UnixNano, nowMillis: number): number {
  return Math.max(0, millisBetween(since, millisToUnixNano(nowMillis)));
}
