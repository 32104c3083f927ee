import { describe, expect, it } from 'vitest';
import { MASK, rawPayload, testRedactor } from '../masked.ts';

const SECRET = 'p/ss+w?rd ~ünique';

describe('known values', () => {
  const redactor = testRedactor({ knownSecrets: new Set([SECRET]) });

  it.each([
    ['as it is', SECRET],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['percent-encoded in lower case', encodeURIComponent(SECRET).replace(/%../g, (escape) => escape.toLowerCase())],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in base64 behind one byte', Buffer.from(`:${SECRET}`).toString('base64')],
    ['in base64 behind two bytes', Buffer.from(`u:${SECRET}`).toString('base64')],
  ])('R18: are hidden %s', (_, form) => {
    const text = redactor.text(`seen here -> ${form} <- seen`);
    expect(text).toContain(MASK);
    expect(text.startsWith('seen here -> ')).toBe(true);
    expect(text.endsWith(' <- seen')).toBe(true);
    // No run of the hidden form that would give half of it away.
    for (let at = 0; at + 6 <= form.length; at += 1) expect(text).not.toContain(form.slice(at, at + 6));
  });

  it('R18: are hidden in base64 in front of others', () => {
    const form = Buffer.from(`${SECRET} and more`).toString('base64');
    expect(redactor.text(form)).toBe(`${MASK}${form.slice(Math.ceil((Buffer.byteLength(SECRET) * 8) / 6))}`);
  });

  it('R18: are hidden in JSON values, keys, and behind escapes', () => {
    const { text } = redactor.payload(rawPayload(JSON.stringify({ a: SECRET, [SECRET]: 1, b: `"${SECRET}"\n` })));
    expect(text).not.toContain('ss+w?rd');
    expect(JSON.parse(text)).toEqual({ a: MASK, [MASK]: 1, b: `"${MASK}"\n` });
  });

  it('hide a number that is one', () => {
    const numeric = testRedactor({ knownSecrets: new Set(['1234567890']) });
    expect(numeric.payload(rawPayload('{"n":1234567890,"m":1234567891}')).text).toBe(`{"n":"${MASK}","m":1234567891}`);
  });

  it('are learned while the redactor is in use', () => {
    const known = new Set<string>();
    const learning = testRedactor({ knownSecrets: known });
    expect(learning.text('hello wonderland')).toBe('hello wonderland');
    known.add('wonderland');
    expect(learning.text('hello wonderland')).toBe(`hello ${MASK}`);
  });

  it('of fewer than 8 characters are left out', () => {
    expect(testRedactor({ knownSecrets: new Set(['echo']) }).text('echo')).toBe('echo');
  });
});
