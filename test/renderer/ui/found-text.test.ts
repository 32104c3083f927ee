import { describe, expect, it } from 'vitest';
import { foundPieces } from '../../../renderer/ui/found-text.ts';

const found = (text: string, ...words: string[]) =>
  foundPieces(text, words).map((piece) => (piece.found ? `[${piece.text}]` : piece.text));

describe('what is searched for in a text', () => {
  it('is marked wherever it stands, whatever the case, the longest word first', () => {
    expect(found('GET token, get', 'get')).toEqual(['[GET]', ' token, ', '[get]']);
    expect(found('tokens', 'tok', 'token')).toEqual(['[token]', 's']);
    expect(found('abc')).toEqual(['abc']);
    expect(found('', 'a')).toEqual(['']);
  });

  it('is not marked in the wrong place where lower case is longer than upper case', () => {
    expect(found('\u0130\u0130 key', 'key')).toEqual(['\u0130\u0130 key']);
  });
});
