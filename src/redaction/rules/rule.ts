import type { Hit } from '../hits.ts';
import type { Names } from './names.ts';

/** A stretch of text that belongs to no JSON document. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface JsonStretch {
  readonly end: number;
  readonly isComplete: boolean;
}

/** What the finder of the text knows about it. */
export interface TextScope {
  /** In order. A hit begins in a gap and may end behind it. */
  readonly gaps: readonly Gap[];
  /** The whole text is a query string or a form, so that its very beginning is a parameter's name. */
  readonly isQuery: boolean;
  /** The JSON document that begins at this offset, as far as it could be read; undefined when none begins there. */
  readonly jsonAt: (start: number) => JsonStretch | undefined;
  readonly names: Names;
  /** The text has been redacted before: how far a value goes that begins with a mask was decided then. */
  readonly isReadTwice: boolean;
}

/**
 * Adds the secrets that it finds in the gaps of a text. Must be linear in the length of the text: a rule never reads the
 * same character more than a fixed number of times, however many gaps there are.
 */
export type TextRule = (text: string, scope: TextScope, hits: Hit[]) => void;

/** Visits `needle` wherever it stands in a gap. `visit` answers where to go on, at least one character further. */
export function eachOccurrence(
  text: string,
  needle: string,
  gaps: readonly Gap[],
  visit: (at: number, gap: Gap) => number,
): void {
  let index = 0;
  let at = text.indexOf(needle, gaps[0]?.from ?? text.length);
  while (at !== -1) {
    while ((gaps[index]?.to ?? Number.POSITIVE_INFINITY) <= at) index += 1;
    const gap = gaps[index];
    if (gap === undefined) return;
    at = text.indexOf(needle, at < gap.from ? gap.from : visit(at, gap));
  }
}
