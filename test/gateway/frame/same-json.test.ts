import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson } from '../../../src/gateway/frame/same-json.ts';

const parsed = (text: string): unknown => JSON.parse(text) as unknown;

describe('two JSON values', () => {
  it.each([
    ['1.0', '1'],
    ['"\\u0041"', '"A"'],
    ['{ "a": [1, {"b": null}] }', '{"a":[1,{"b":null}]}'],
    ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
  ])('%s and %s are the same', (a, b) => {
    expect(isSameJson(parsed(a), parsed(b))).toBe(true);
  });

  it.each([
    ['null', '{}'],
    ['{}', '[]'],
    ['[]', '{}'],
    ['[1]', '[1,2]'],
    ['[1,2]', '[1]'],
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":1,"b":2}', '{"a":1}'],
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['{"a":null}', '{}'],
    ['{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}'],
    ['{"__proto__":{}}', '{}'],
    ['"1"', '1'],
    ['["a,b"]', '["a","b"]'],
  ])('%s and %s are not', (a, b) => {
    expect(isSameJson(parsed(a), parsed(b))).toBe(false);
  });

  it('are never the same when they are written another way', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(isSameJson(a, parsed(JSON.stringify(a)))).toBe(true);
        if (isSameJson(a, b)) expect(JSON.stringify(a)).toBe(JSON.stringify(b));
      }),
    );
  });
});
