import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../renderer/ui/json-lines.ts';
import { markedPieces } from '../../../renderer/ui/marks.ts';
import { visiblePieces, visibleText } from '../../../renderer/ui/visible-text.ts';

describe('text from elsewhere', () => {
  it('R27: shows control characters, escapes and bidirectional overrides as what they are', () => {
    expect(visibleText('a\u0000b\u001b[31mc\u202Ed\u2066e\u200Bf\u{E0041}')).toBe(
      'a\\u0000b\\u001B[31mc\\u202Ed\\u2066e\\u200Bf\\u{E0041}',
    );
    expect(visibleText('tab\tline\nend')).toBe('tab\\tline\\nend');
  });

  it('keeps line breaks where lines are wanted, and nothing else', () => {
    const text = visiblePieces('one\n\ttwo\r\u202E', 'line-breaks')
      .map((piece) => piece.text)
      .join('');
    expect(text).toBe('one\n\ttwo\\r\\u202E');
  });

  it('leaves the letters of every language alone', () => {
    for (const text of ['naïve', 'Привет', '日本語', 'שלום', 'مرحبا', '👍🏽', '']) expect(visibleText(text)).toBe(text);
  });
});

describe('marks', () => {
  const mark = (start: number, end: number) => ({ start, end, label: 'hidden' });

  it('cut a text into what is plain and what is masked', () => {
    expect(markedPieces('ab•••cd', [mark(2, 5)]).map((piece) => [piece.text, piece.mark !== null])).toEqual([
      ['ab', false],
      ['•••', true],
      ['cd', false],
    ]);
  });

  it('that overlap or reach past the text do no harm', () => {
    const pieces = markedPieces('abcdef', [mark(1, 3), mark(2, 4), mark(5, 60), mark(4, 3)]);
    expect(pieces.map((piece) => piece.text).join('')).toBe('abcdef');
    expect(pieces.filter((piece) => piece.mark !== null)).toHaveLength(1);
  });

  it('show also where nothing is left of what was hidden', () => {
    expect(markedPieces('', [mark(0, 0)]).map((piece) => [piece.text, piece.mark !== null])).toEqual([['', true]]);
    expect(markedPieces('ab', [mark(1, 1)]).map((piece) => piece.text)).toEqual(['a', '', 'b']);
  });
});

describe('JSON as lines', () => {
  const text = (value: unknown, folded: readonly string[] = []): string =>
    jsonLines(value, new Set(folded))
      .map(
        (line) =>
          '  '.repeat(line.indent) +
          line.tokens
            .map((token) => (token.kind === 'string' || token.kind === 'key' ? JSON.stringify(token.text) : token.text))
            .join(''),
      )
      .join('\n');

  it('read like JSON', () => {
    const value = { a: [1, 'x', null, true], b: {}, c: [], d: { e: -1.5 } };
    expect(JSON.parse(text(value))).toEqual(value);
    expect(text(value)).toBe(JSON.stringify(value, null, 2));
  });

  it('fold an object and say how much is in it', () => {
    expect(text({ a: [1, 2, 3], b: 1 }, ['/a'])).toBe('{\n  "a": [ 3 … ],\n  "b": 1\n}');
  });

  it('know the place of each name and value, so that masks find it', () => {
    const paths = jsonLines({ 'a/b': ['x', { '~': 1 }], 'c#': null }, new Set()).flatMap((line) =>
      line.tokens.flatMap((token) => token.path ?? []),
    );
    expect(paths).toEqual(['/a~1b#', '/a~1b/0', '/a~1b/1/~0#', '/a~1b/1/~0', '/c~2#', '/c~2']);
  });

  it('stop at a depth nobody reads, however deep a sender nests', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 50_000; depth += 1) value = [value];
    const lines = jsonLines(value, new Set());
    expect(lines).toHaveLength(201);
    expect(lines[100]?.tokens[0]?.text).toMatch(/nested deeper/);
  });
});
