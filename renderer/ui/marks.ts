import type { ReactNode } from 'react';

/** A stretch of a text that stands for something hidden, and why. */
export interface Mark {
  /** UTF-16 code units, end exclusive. Where `end` is `start` nothing is left to be seen of it. */
  readonly start: number;
  readonly end: number;
  /** One sentence, for those who have it read out and for pointing. */
  readonly label: string;
  /** A few words that stand beside it. */
  readonly tag?: string;
  /** What is known of it, drawn when it is pointed at or opened. */
  readonly card?: () => ReactNode;
}

export interface MarkedPiece {
  readonly text: string;
  readonly mark: Mark | null;
}

/** Cuts a text at its marks. Marks that overlap an earlier one or reach past the text are left out. */
export function markedPieces(text: string, marks: readonly Mark[]): readonly MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let from = 0;
  for (const mark of [...marks].sort((left, right) => left.start - right.start || left.end - right.end)) {
    if (mark.start < from || mark.end > text.length || mark.end < mark.start) continue;
    if (mark.start > from) pieces.push({ text: text.slice(from, mark.start), mark: null });
    pieces.push({ text: text.slice(mark.start, mark.end), mark });
    from = mark.end;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), mark: null });
  return pieces;
}
