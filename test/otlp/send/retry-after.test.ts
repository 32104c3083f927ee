import { describe, expect, it } from 'vitest';
import { retryAfterMillis } from '../../../src/otlp/send/retry-after.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 30 ', 30_000],
    ['Mon, 23 Nov 2026 10:00:20 GMT', 20_000],
    ['Mon, 23 Nov 2026 09:59:00 GMT', 0],
    ['604800', 3_600_000],
    ['Mon, 30 Nov 2026 10:00:00 GMT', 3_600_000],
  ])('R85: %s is a wait of %d ms, an hour at most', (header, millis) => {
    expect(retryAfterMillis(header, NOW)).toBe(millis);
  });

  it.each([undefined, '', 'soon', '-1x'])('R85: %s says nothing', (header) => {
    expect(retryAfterMillis(header, NOW)).toBeNull();
  });
});
