import { describe, expect, it } from 'vitest';
import { redactPrefix, redactWithin } from '../../src/redaction/bounds.ts';
import { MASK, hitsIn } from './masked.ts';

const within = (text: string, limit: number) => redactWithin(text, limit, hitsIn);

describe('cutting a text', () => {
  it('R20: leaves what fits', () => {
    expect(within('abcde', 5)).toEqual({ text: 'abcde', marks: [], isCut: false });
    expect(within('abcdef', 5)).toEqual({ text: 'abcd…', marks: [], isCut: true });
  });

  it('R20: happens after redaction, so that no half secret stays', () => {
    const text = `${'x'.repeat(90)} https://h/?token=${'S'.repeat(40_000)}&end=1`;
    for (let limit = 1; limit < 130; limit += 1) {
      const cut = within(text, limit);
      expect(cut.text).not.toContain('S');
      expect(cut.text.length).toBeLessThanOrEqual(limit);
      for (const mark of cut.marks) expect(cut.text.slice(mark.start, mark.end)).toBe(MASK);
      expect(cut.text.split('•').length - 1).toBe(cut.marks.length * MASK.length);
    }
  });

  it('R20: sees a secret that is known as one only by what stands behind the cut', () => {
    const text = `redis://u:${'S'.repeat(60)}@h/`;
    for (let limit = 1; limit < 60; limit += 1) expect(within(text, limit).text).not.toContain('S');
  });

  it('R20: never splits a character', () => {
    for (let limit = 1; limit < 12; limit += 1) expect(within('😀😀😀😀😀😀', limit).text.isWellFormed()).toBe(true);
  });

  it('reads only so much of a long text as it needs', () => {
    let longest = 0;
    redactPrefix('y'.repeat(5_000_000), 100, (text) => {
      longest = Math.max(longest, text.length);
      return [];
    });
    expect(longest).toBeLessThan(20_000);
  });
});
