import { describe, expect, it } from 'vitest';
import { rawPayload, testRedactor } from './masked.ts';

const MEGABYTE = 1 << 20;
const redactor = testRedactor({
  limits: { textLength: 2 * MEGABYTE, payloadBytes: 4 * MEGABYTE },
  policy: { rules: [], builtIn: { email: { enabled: true }, phone: { enabled: true }, iban: { enabled: true } } },
});

const PIECES = [
  ['{', '[', '"', '{"', '["', '\\', '{"a":', '[1,', '[1 ', '{"{"', '{"token":"a" ', '["token","a"]', '"token":"a",'],
  ['token=', 'token="x ', "token='x ", 'token: string ', 'token: ', 'token:\n', 'token:[1] ', 'token=a;', 'token=, '],
  ['://', 'a://', 'a://u:p/', 'http://@', '?', '?token=;', '&', "a&'", '%25', '#', ';', '?a=1&'],
  ['--token ', "--token 'a", '--', 'bearer ', 'Bearer x ', 'cookie: ', 'authorization: ', '==', '   =>', ']', '"]"='],
  ['\u001b[', '\u001b]', '\u009b0', '•', 'password=f(', 'a.', ' ', '\n', 'é', '\u{1f600}', '\\u0041', '\\"'],
  [
    'ghp_',
    'eyJ-',
    'eyJhbGciOiJIUzI1NiJ9.',
    'sk-',
    'sk-a1-',
    'xoxb-1',
    'SG.a.',
    'AKIA',
    'AKIAIOSFODNN7EXAMPLE ',
    ':AA',
    '1:AA',
  ],
  [
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAA x ',
    'MTA.',
    'hooks.slack.com/services/',
  ],
  ['4', '4 ', '4111 ', '4111-1111-', '4111111111111111 ', '+1 ', '(415) ', 'DE89', 'DE89 3704 ', 'a@', '@a.', 'a@b.c'],
].flat();

// What took quadratic time here would take minutes and run into the time limit.
describe('text made to be slow', () => {
  it.each(PIECES)('R19: a megabyte of %j is read to its end', (piece) => {
    const text = piece.repeat(Math.ceil(MEGABYTE / piece.length));
    expect(redactor.text(`${text}\nend`)).not.toBe('');
  });

  it.each([
    ['a long run in front of a separator', `${' '.repeat(MEGABYTE)}: x`],
    ['a long label', `${'token'.repeat(MEGABYTE / 5)}=x`],
    ['a long list of empty parameters', `?token=${';'.repeat(MEGABYTE)}`],
    ['a value that never closes', `password="${'\\'.repeat(MEGABYTE)}"`],
    ['a terminal sequence that never ends', `\u001b]${'a'.repeat(MEGABYTE)}`],
  ])('R19: %s is read to its end', (_, text) => {
    expect(redactor.text(`${text}\nend`)).not.toBe('');
  });

  it('R19: JSON in JSON in JSON is read to its end', () => {
    let text = 'plain text with a token '.repeat(20_000);
    for (let level = 0; level < 12; level += 1) text = JSON.stringify([text]);
    expect(redactor.payload(rawPayload(text)).text.length).toBeGreaterThan(0);
  });
});
