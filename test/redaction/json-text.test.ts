import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJsonText } from '../../src/redaction/json-text.ts';

describe('values as JSON', () => {
  it('are what JSON.stringify writes when it can', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toJsonText(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('R21: give a marker where JSON has no word', () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle['self'] = circle;
    const broken = {
      get trap(): never {
        throw new Error('no');
      },
    };
    const values = [circle, 10n, () => 1, Symbol('x'), Number.NaN, undefined, broken, new Uint8Array(3)];
    expect(values.map((value) => JSON.parse(toJsonText(value)))).toEqual([
      { a: 1, self: '[circular]' },
      '10',
      '[function]',
      '[symbol]',
      '[NaN]',
      null,
      '[unreadable]',
      '[3 bytes]',
    ]);
  });

  it('R21: end, however deep or large the value is', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(JSON.parse(toJsonText(deep))).toBeDefined();
    const large = toJsonText(Array.from({ length: 200_000 }, () => 1));
    expect(JSON.parse(large)).toContain('[too large]');
  });

  it('show the same object twice when it is not inside itself', () => {
    const shared = { a: 1 };
    expect(toJsonText([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  it('know errors, dates, maps and sets', () => {
    const error = Object.assign(new Error('no'), { stack: 's' });
    expect(toJsonText(error)).toBe('{"name":"Error","message":"no","stack":"s"}');
    expect(toJsonText([new Date(0), new Map([['k', new Set([1])]])])).toBe('["1970-01-01T00:00:00.000Z",{"k":[1]}]');
  });
});
