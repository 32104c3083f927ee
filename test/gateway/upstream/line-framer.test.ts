import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineFramer, type Line } from '../../../src/gateway/upstream/line-framer.ts';

function frame(chunks: readonly Buffer[], maxLineLength = 1_000_000) {
  const lines: Line[] = [];
  let overflows = 0;
  const framer = createLineFramer({
    maxLineLength,
    onLine: (line) => lines.push(line),
    onOverflow: () => {
      overflows += 1;
    },
  });
  chunks.forEach((chunk, index) => {
    framer.push(chunk, index + 1);
  });
  return { lines, texts: lines.map(({ text }) => text), overflows };
}

describe('cutting a stream into lines', () => {
  it('finds the same lines however the bytes are cut, also inside a character', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(40)), (words, cuts) => {
        const texts = words.map((word) => word.replaceAll(/[\r\n]/g, ''));
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const chunks: Buffer[] = [];
        let rest = bytes;
        for (const cut of cuts) {
          chunks.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        expect(frame([...chunks, rest]).texts).toEqual(texts);
      }),
    );
  });

  it('takes CRLF for one line end', () => {
    expect(frame([Buffer.from('a\r\nb\n')]).texts).toEqual(['a', 'b']);
  });

  it('remembers when the first byte of a line came', () => {
    const { lines } = frame([Buffer.from('a\n{"half'), Buffer.from('":1}\n')]);
    expect(lines).toEqual([
      { text: 'a', firstByteAt: 1 },
      { text: '{"half":1}', firstByteAt: 1 },
    ]);
  });

  it('skips a line over the limit, says so once, and goes on with the next', () => {
    expect(frame([Buffer.from('aaaaaaaa'), Buffer.from('aaaa\nb\n')], 5)).toMatchObject({ texts: ['b'], overflows: 1 });
  });
});
