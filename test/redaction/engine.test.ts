import { describe, expect, it } from 'vitest';
import { hitsIn, masked } from './masked.ts';

function nested(levels: number, inner: unknown): string {
  let text = JSON.stringify(inner);
  for (let level = 0; level < levels; level += 1) text = JSON.stringify({ text });
  return text;
}

describe('JSON in a text', () => {
  it.each([
    ['{"password":"S","n":1}', '{"password":"•••","n":1}'],
    [' {"password": "S" } ', ' {"password": "•••" } '],
    ['answer {"token":"S","x":[1]} and {"token":"S"}.', 'answer {"token":"•••","x":[1]} and {"token":"•••"}.'],
    ['{"text":"{\\"password\\":\\"S\\",\\"n\\":1}"}', '{"text":"{\\"password\\":\\"•••\\",\\"n\\":1}"}'],
    ['"{\\"password\\":\\"S\\"}"', '"{\\"password\\":\\"•••\\"}"'],
    ['{"pin":{"password":1234}}', '{"pin":{"password":"•••"}}'],
    ['{"text":"{\\"password\\":1234}"}', '{"text":"{\\"password\\":\\"•••\\"}"}'],
    ['{"note":"password: two S words","n":1}', '{"note":"password: •••","n":1}'],
    ['{"note":"tab\\tpassword: S","n":1}', '{"note":"tab\\tpassword: •••","n":1}'],
    ['{"\\u0070assword":"S"}', '{"\\u0070assword":"•••"}'],
    ['event: message\ndata: {"token":"S"}\n\n', 'event: message\ndata: {"token":"•••"}\n\n'],
    ['{"token":"S"}\n{"token":"S"}\n', '{"token":"•••"}\n{"token":"•••"}\n'],
    ['password: {"a":"S","b":["S"]} stays', 'password: ••• stays'],
    ['{"a":1,"password":"S cut of', '{"a":1,"password":"•••'],
    ['{"a":1, "password": S3CRET, "b":2}', '{"a":1, "password": •••, "b":2}'],
  ])('R6: %j is read by key', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('R6: a secret encoded in JSON %i times is hidden', (levels) => {
    expect(masked(nested(levels, { password: 'hunter2', a: 'visible' }))).not.toContain('hunter2');
    expect(masked(nested(levels, { password: 'hunter2', a: 'visible' }))).toContain('visible');
  });

  it('is kept byte for byte where nothing is hidden', () => {
    const text = '{ "n": 12345678901234567890.10, "e":1E5,\t"é":"\\u00e9\\/", "a":1,"a":2, "password":"S" }';
    expect(masked(text)).toBe(text.replace('"S"', '"•••"'));
  });

  it('is hidden from where it is nested too deep to be understood', () => {
    const text = `before ${'['.repeat(500)}"S"${']'.repeat(500)} after`;
    expect(masked(text)).toBe(`before ${'['.repeat(100)}•••`);
    expect(hitsIn(text)).toMatchObject([{ rule: 'too-deep', kind: 'unread' }]);
  });

  it.each(['see [1] and [text](https://h/)', '{ not json }', 'a[0] = {x: 1}', '[Function: f]', '{"a":"b"}', '[]', '{'])(
    'leaves %j as it is',
    (text) => {
      expect(masked(text)).toBe(text);
    },
  );
});

describe('hits of several rules', () => {
  it('become one mask where they overlap', () => {
    const text = 'password: https://u:S@h/?token=S';
    expect(masked(text)).toBe('password: •••');
    expect(hitsIn(text)).toMatchObject([{ rule: 'label', kind: 'password' }]);
  });

  it('change nothing the second time', () => {
    for (const text of ['Authorization: Bearer S', 'https://u:S@h/?token=S&a=1', '{"password":1}', '["cookie","S"]']) {
      expect(masked(masked(text))).toBe(masked(text));
      expect(hitsIn(masked(text))).toEqual([]);
    }
  });
});
