import { isObject } from '../frame/frame.ts';

/** How long a result holds, and whether others than who asked may have it (MCP 2026-07-28, caching). */
export interface Freshness {
  /** Milliseconds since it was received. */
  readonly ttlMs: number;
  readonly cacheScope: 'public' | 'private';
}

/** Of what nobody says anything about: old at once, and for nobody else. */
export const NOT_TO_BE_KEPT: Freshness = { ttlMs: 0, cacheScope: 'private' };

/** What a result says of itself. One that waits for its client's input, and one that says it wrongly, must not be kept. */
export function freshnessOf(result: unknown): Freshness {
  if (!isObject(result) || (result['resultType'] ?? 'complete') !== 'complete') return NOT_TO_BE_KEPT;
  const { ttlMs, cacheScope } = result;
  return {
    ttlMs: typeof ttlMs === 'number' && ttlMs > 0 ? Math.min(Math.floor(ttlMs), Number.MAX_SAFE_INTEGER) : 0,
    cacheScope: cacheScope === 'public' ? 'public' : 'private',
  };
}

/** Of what was put together: as short as the shortest, and as private as the most private. Nobody vouches for nothing. */
export function leastFresh(parts: readonly Freshness[]): Freshness {
  if (parts.length === 0) return NOT_TO_BE_KEPT;
  return {
    ttlMs: Math.min(...parts.map(({ ttlMs }) => ttlMs)),
    cacheScope: parts.every(({ cacheScope }) => cacheScope === 'public') ? 'public' : 'private',
  };
}

/** What is left of it after so many milliseconds; what time ran backwards for may be any age. */
export function aged({ ttlMs, cacheScope }: Freshness, millis: number): Freshness {
  return { ttlMs: millis < 0 ? 0 : Math.max(0, Math.floor(ttlMs - millis)), cacheScope };
}
