import { describe, expect, it } from 'vitest';
import { chooseToken } from '../../src/cli/token.ts';

const TEXT = 'chosen-by-a-person';

describe('the token', () => {
  it("is the option, else the environment's, else generated", () => {
    expect(chooseToken(TEXT, { THROUGHLINE_TOKEN: 'another-one-of-length' })).toEqual({
      token: TEXT,
      source: 'option',
    });
    expect(chooseToken(null, { THROUGHLINE_TOKEN: TEXT })).toEqual({ token: TEXT, source: 'environment' });
    expect(chooseToken(null, { THROUGHLINE_TOKEN: '' }).source).toBe('generated');
  });

  it('is the one kept from before when nobody names another, so that clients stay connected', () => {
    expect(chooseToken(null, {}, TEXT)).toEqual({ token: TEXT, source: 'kept' });
    expect(chooseToken(null, { THROUGHLINE_TOKEN: 'another-one-of-length' }, TEXT).source).toBe('environment');
    expect(chooseToken('another-one-of-length', {}, TEXT).source).toBe('option');
  });

  it('S6: is 256 random bits when generated, another each time', () => {
    const tokens = Array.from({ length: 50 }, () => chooseToken(null, {}).token);
    expect(new Set(tokens).size).toBe(50);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('S6: from the environment may be neither short nor unfit for a header', () => {
    expect(() => chooseToken(null, { THROUGHLINE_TOKEN: 'short' })).toThrow(
      'The token from THROUGHLINE_TOKEN is too short',
    );
    expect(() => chooseToken(null, { THROUGHLINE_TOKEN: 'with spaces in between' })).toThrow('ASCII');
    expect(() => chooseToken(null, { THROUGHLINE_TOKEN: 'line-one\r\nX-Header: y' })).toThrow('ASCII');
  });
});
