import { describe, expect, it } from 'vitest';
import { pauseBefore } from '../../../src/gateway/upstream/back-off.ts';

const BACK_OFF = { first: 500, most: 30_000 };

describe('the pause before the next attempt', () => {
  it('doubles from the first to the most, and stays there', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) => pauseBefore(failures, BACK_OFF, 0.5));
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is up to a quarter shorter or longer, so that many do not return at once', () => {
    expect(pauseBefore(1, BACK_OFF, 0)).toBe(375);
    expect(pauseBefore(1, BACK_OFF, 0.999_999)).toBe(625);
  });
});
