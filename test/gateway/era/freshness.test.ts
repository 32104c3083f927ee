import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aged, freshnessOf, leastFresh, NOT_TO_BE_KEPT, type Freshness } from '../../../src/gateway/era/freshness.ts';

const freshness = fc.record<Freshness>({
  ttlMs: fc.nat(),
  cacheScope: fc.constantFrom('public' as const, 'private' as const),
});

describe('how long a result holds, and for whom', () => {
  it('is what it says', () => {
    expect(freshnessOf({ ttlMs: 5, cacheScope: 'public' })).toEqual({ ttlMs: 5, cacheScope: 'public' });
    expect(freshnessOf({ resultType: 'complete', ttlMs: 5.9, cacheScope: 'private' })).toEqual({
      ttlMs: 5,
      cacheScope: 'private',
    });
  });

  it.each([
    ['nothing', {}],
    ['what is no result', null],
    ['less than nothing', { ttlMs: -1, cacheScope: 'PUBLIC' }],
    ['no numbers and no words', { ttlMs: '5', cacheScope: true }],
    ['that its client has to say more first', { resultType: 'input_required', ttlMs: 5, cacheScope: 'public' }],
  ])('is not at all and for nobody when it says %s', (_what, result) => {
    expect(freshnessOf(result)).toEqual(NOT_TO_BE_KEPT);
  });

  it('may be longer than anybody lives', () => {
    expect(freshnessOf(JSON.parse('{"ttlMs":1e999,"cacheScope":"public"}')).ttlMs).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is, of several together, no longer and no more public than of each', () => {
    expect(leastFresh([])).toEqual(NOT_TO_BE_KEPT);
    fc.assert(
      fc.property(fc.array(freshness, { minLength: 1, maxLength: 5 }), (parts) => {
        const { ttlMs, cacheScope } = leastFresh(parts);
        expect(parts.every((part) => part.ttlMs >= ttlMs) && parts.some((part) => part.ttlMs === ttlMs)).toBe(true);
        expect(cacheScope === 'public').toBe(parts.every((part) => part.cacheScope === 'public'));
      }),
    );
  });

  it('becomes less with time, and nothing when time runs backwards', () => {
    const hour: Freshness = { ttlMs: 1_000, cacheScope: 'public' };
    expect([0, 0.5, 999.5, 1_000, 5_000, -1].map((millis) => aged(hour, millis).ttlMs)).toEqual([
      1_000, 999, 0, 0, 0, 0,
    ]);
    expect(aged(hour, 1).cacheScope).toBe('public');
  });
});
