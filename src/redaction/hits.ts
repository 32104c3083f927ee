import { MASK, isMasked } from './forms.ts';

/** A part of a string that must not be recorded, and why. Offsets are UTF-16 code units, `end` is exclusive. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  readonly kind: string;
  /** The value behind its encodings, so that one secret has one hash wherever it is met. */
  readonly secret: string;
  /** Written on both sides of what replaces it: a JSON number is replaced by a JSON string, or by `null`. */
  readonly quote: string;
  /** What stands in its place; needs no escaping in JSON. */
  readonly replacement: string;
}

/** Where the mask of a hit stands in the redacted string. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly hit: Hit;
}

export interface Masked {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** Adds nothing for an empty range and for what is hidden already, so that redacting twice changes nothing. */
export function addHit(
  hits: Hit[],
  text: string,
  range: { readonly start: number; readonly end: number },
  why: { readonly rule: string; readonly kind: string; readonly secret?: string; readonly quote?: string },
): void {
  const { start, end } = range;
  if (end <= start) return;
  const value = text.slice(start, end);
  if (isMasked(value)) return;
  const { rule, kind, secret = value, quote = '' } = why;
  hits.push({ start, end, rule, kind, secret, quote, replacement: MASK });
}

/**
 * Sorted and disjoint. Overlapping hits become one that covers both and keeps the reason of the longer. What one of them
 * would leave readable may belong to the other, so two that are replaced differently are masked.
 */
export function mergeHits(hits: readonly Hit[]): readonly Hit[] {
  if (areMerged(hits)) return hits;
  const sorted = [...hits].sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Hit[] = [];
  for (const hit of sorted) {
    const last = merged.at(-1);
    if (last === undefined || hit.start >= last.end) {
      merged.push(hit);
    } else if (hit.end > last.end || hit.replacement !== last.replacement) {
      const reason = hit.end - hit.start > last.end - last.start ? hit : last;
      const replacement = hit.replacement === last.replacement ? last.replacement : together(hit, last);
      merged[merged.length - 1] = { ...reason, start: last.start, end: Math.max(hit.end, last.end), replacement };
    }
  }
  return merged;
}

/** As nearly always: rules read from front to back. */
function areMerged(hits: readonly Hit[]): boolean {
  let end = 0;
  for (const hit of hits) {
    if (hit.start < end) return false;
    end = hit.end;
  }
  return true;
}

/** Both together; either may be empty. */
export function joinHits(hits: readonly Hit[], others: readonly Hit[] | undefined): readonly Hit[] {
  return others === undefined || others.length === 0 ? hits : mergeHits([...hits, ...others]);
}

function together(one: Hit, other: Hit): string {
  return one.replacement === '' || other.replacement === '' ? '' : MASK;
}

/** `hits` must be sorted and disjoint. */
export function applyHits(text: string, hits: readonly Hit[]): Masked {
  if (hits.length === 0) return { text, marks: [] };
  const marks: Mark[] = [];
  let out = '';
  let from = 0;
  for (const hit of hits) {
    const isNull = hit.replacement === '' && hit.quote !== '';
    const quote = isNull ? '' : hit.quote;
    const replacement = isNull ? 'null' : hit.replacement;
    out += text.slice(from, hit.start) + quote;
    marks.push({ start: out.length, end: out.length + replacement.length, hit });
    out += replacement + quote;
    from = hit.end;
  }
  return { text: out + text.slice(from), marks };
}
