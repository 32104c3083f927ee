import { describe, expect, it } from 'vitest';
import { masked } from '../masked.ts';

describe('schemes without a label', () => {
  it.each([
    ['got Bearer abc123.DEF, twice', 'got Bearer •••, twice'],
    ['bearer S3CRET', 'bearer •••'],
    ['Bearer a|S', 'Bearer •••'],
    ['Basic user:S', 'Basic •••'],
    ['Basic dXNlcjpz', 'Basic •••'],
    ['"Bearer SECRET"', '"Bearer •••"'],
  ])('R7: hide the credentials in %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    'the bearer of bad news',
    'Bearer tokens are strings.',
    'Bearer authentication (RFC 6750)',
    'Basic HTML and basic SQL',
    'Basic authentication',
    'forbearer ABC123',
    'Bearer ',
    'Bearer •••',
  ])('leave %j as it is', (text) => {
    expect(masked(text)).toBe(text);
  });
});
