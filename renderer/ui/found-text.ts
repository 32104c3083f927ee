export interface FoundPiece {
  readonly text: string;
  readonly found: boolean;
}

/** Cuts a text where it holds one of `words` (in lower case), whatever the case of the text. */
export function foundPieces(text: string, words: readonly string[]): readonly FoundPiece[] {
  if (words.length === 0) return [{ text, found: false }];
  const low = text.toLowerCase();
  // Some letters change their length with their case; then no place of the one is a place of the other.
  if (low.length !== text.length) return [{ text, found: false }];
  const pieces: FoundPiece[] = [];
  let from = 0;
  for (;;) {
    const next = nearest(low, words, from);
    if (next === null) break;
    if (next.at > from) pieces.push({ text: text.slice(from, next.at), found: false });
    from = next.at + next.length;
    pieces.push({ text: text.slice(next.at, from), found: true });
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), found: false });
  return pieces;
}

/** The first place of any word, and of those that begin there the longest. */
function nearest(low: string, words: readonly string[], from: number): { at: number; length: number } | null {
  let best: { at: number; length: number } | null = null;
  for (const word of words) {
    const at = low.indexOf(word, from);
    if (at === -1) continue;
    if (best === null || at < best.at || (at === best.at && word.length > best.length))
      best = { at, length: word.length };
  }
  return best;
}
