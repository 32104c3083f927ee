import { describe, expect, it } from 'vitest';
import { ATTRIBUTE } from '../../../src/store/attribute-keys.ts';
import { KNOWN_WORDS, fromWord, toWord } from '../../../src/store/codec/known-words.ts';

describe('words that are written as numbers', () => {
  it('are never moved: histories hold their numbers', () => {
    expect([toWord('http.request.method'), toWord('throughline.upkeep'), toWord('mcp.client.response')]).toEqual([
      0, 33, 44,
    ]);
    expect(new Set(KNOWN_WORDS).size).toBe(KNOWN_WORDS.length);
  });

  it('hold every attribute that a summary is made from, which are looked for by their numbers', () => {
    for (const key of Object.values(ATTRIBUTE))
      if (key !== ATTRIBUTE.serviceName) expect(toWord(key), key).toBeTypeOf('number');
  });

  it('are read as they were written, and so is every other word', () => {
    for (const word of [...KNOWN_WORDS, 'another', '', '0', '__proto__']) expect(fromWord(toWord(word))).toBe(word);
    expect(() => fromWord(KNOWN_WORDS.length)).toThrow('is not known');
  });
});
