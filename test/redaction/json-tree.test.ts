import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/redaction/json-tree.ts';
import type { TreeNode } from '../../src/redaction/json-tree.ts';

function valueOf(node: TreeNode, text: string): unknown {
  switch (node.type) {
    case 'string':
      return node.text;
    case 'number':
      return Number(node.text);
    case 'literal':
      return JSON.parse(text.slice(node.start, node.end));
    case 'array':
      return node.items.map((item) => valueOf(item, text));
    case 'object':
      return Object.fromEntries(node.keys.map((key, index) => [key.text, valueOf(node.values[index]!, text)]));
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('reading JSON', () => {
  it('gives the value that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const reading = readJson(text, 0);
        expect(reading).toMatchObject({ isComplete: true, isTooDeep: false, end: text.length });
        expect(valueOf(reading.root!, text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('calls complete exactly what JSON.parse takes', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'a',
      'u0041',
      '\\n',
      '1',
      '-',
      '0',
      '.',
      'e',
    );
    const more = fc.constantFrom('true', 'null', 'false', ' ', '\n', '\u0000', '"a"', '"a":', '{}', '[]', 'é');
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, more), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const reading = readJson(text, 0);
        expect(reading.isComplete && text.slice(reading.end).trim() === '').toBe(parses(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps what can be read of a document that was cut off', () => {
    const reading = readJson('{"a":1,"b":["x","half a str', 0);
    expect(reading).toMatchObject({ isComplete: false, end: 27 });
    expect(valueOf(reading.root!, '')).toEqual({ a: 1, b: ['x', 'half a str'] });
  });

  it('answers where the first unreadable member begins', () => {
    const text = '{"a":1, "b":oops, "c":2}';
    expect(readJson(text, 0).end).toBe(text.indexOf('"b"'));
  });

  it('does not go down for ever', () => {
    expect(readJson('['.repeat(100_000), 0)).toMatchObject({ isComplete: false, isTooDeep: true, end: 100 });
    expect(readJson(`${'['.repeat(100)}${']'.repeat(100)}`, 0)).toMatchObject({ isComplete: true });
  });
});
