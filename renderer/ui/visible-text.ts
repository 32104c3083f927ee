export interface TextPiece {
  readonly text: string;
  /** True when the text stands for a character that cannot be seen or would reorder its neighbours. */
  readonly escaped: boolean;
}

// C0 and C1 controls, soft hyphen, bidirectional marks, embeddings and isolates, zero-width and other invisible
// formatting characters, line and paragraph separators, interlinear marks, tags.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Cuts text from elsewhere into what may be shown as it is and visible stand-ins for what may not (S7). */
export function visiblePieces(text: string, keep: 'nothing' | 'line-breaks' = 'nothing'): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    const [character] = match;
    if (keep === 'line-breaks' && (character === '\n' || character === '\t')) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), escaped: false });
    pieces.push({ text: escapeOf(character), escaped: true });
    from = match.index + character.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), escaped: false });
  return pieces;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  return SHORT[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex}`);
}

/** The same as one string, for titles and labels. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join('');
}
