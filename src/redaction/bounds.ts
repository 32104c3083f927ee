import { applyHits } from './hits.ts';
import type { Hit, Masked } from './hits.ts';

/** Says that a string was cut. */
export const ELLIPSIS = '…';

/** How far behind the cut the rules may look, so that a secret across it is seen, and hidden, as a whole. */
export const LOOKAHEAD = 16_384;

export interface Bounded extends Masked {
  readonly isCut: boolean;
}

/**
 * Redacts first and cuts afterwards (R20): no half secret, no half mask, no half character. Reads no more of the text
 * than the limit and a look-ahead. `limit` is in UTF-16 code units and includes the ellipsis.
 */
export function redactWithin(text: string, limit: number, find: (text: string) => readonly Hit[]): Bounded {
  const prefix = redactPrefix(text, limit, find);
  if (!prefix.isCut && prefix.text.length <= limit) return prefix;
  return { ...cut(prefix, Math.max(0, limit - ELLIPSIS.length), ELLIPSIS), isCut: true };
}

/** The first `length` code units of the text, redacted; a hit across their end is hidden whole. */
export function redactPrefix(text: string, length: number, find: (text: string) => readonly Hit[]): Bounded {
  if (text.length <= length + LOOKAHEAD) return { ...applyHits(text, find(text)), isCut: false };
  const hits = find(text.slice(0, length + LOOKAHEAD)).filter((hit) => hit.start < length);
  const end = Math.max(length, hits.at(-1)?.end ?? 0);
  return { ...applyHits(text.slice(0, end), hits), isCut: true };
}

/** Keeps at most `length` code units, moved back where they would end inside a mask or a character. */
export function cut(masked: Masked, length: number, ending: string): Masked {
  const marks = masked.marks.filter((mark) => mark.end <= length);
  const split = masked.marks.find((mark) => mark.start < length && mark.end > length);
  let end = Math.min(length, masked.text.length, split?.start ?? length);
  if (isHighSurrogate(masked.text.charCodeAt(end - 1))) end -= 1;
  return { text: masked.text.slice(0, end) + ending, marks };
}

export function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
