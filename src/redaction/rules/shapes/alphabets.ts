/** For each ASCII code, 1 where the character belongs to it. */
export type Alphabet = Uint8Array;

/** `characters` lists them, `a-z` is a range; a dash stands last. */
function alphabet(characters: string): Alphabet {
  const table = new Uint8Array(128);
  for (let at = 0; at < characters.length; at += 1) {
    const first = characters.charCodeAt(at);
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    const last = isRange ? characters.charCodeAt(at + 2) : first;
    table.fill(1, first, last + 1);
    if (isRange) at += 2;
  }
  return table;
}

export const ALNUM = alphabet('A-Za-z0-9');
export const WORD = alphabet('A-Za-z0-9_');
export const BASE64 = alphabet('A-Za-z0-9+/=');
/** With the dash and the underscore in place of the plus sign and the slash, and no padding. */
export const BASE64URL = alphabet('A-Za-z0-9_-');
export const DOTTED = alphabet('A-Za-z0-9_.-');
/** Tokens that come from cookies are percent-encoded. */
export const SLACK = alphabet('A-Za-z0-9%.-');
export const UPPER_ALNUM = alphabet('A-Z0-9');
export const LOWER_HEX = alphabet('0-9a-f');

/** What can stand in any secret with a shape, however often it is encoded in JSON: no quotes and no spaces. */
export const UNBROKEN = alphabet('A-Za-z0-9_./+=%:\\-');

export function isIn(characters: Alphabet, code: number): boolean {
  return code < 128 && characters[code] === 1;
}

/**
 * Where runs of characters end in one text. It remembers the last run of each alphabet, so that a text full of beginnings
 * is read once and not once for each of them.
 */
export interface Runs {
  /** Behind the last character of the run that goes on at `from`; `from` when none does. */
  end(characters: Alphabet, from: number): number;
  /** Where `needle` stands next, or -1. */
  next(needle: string, from: number): number;
  /** False when this asker has asked for the same run before: what failed at its beginning fails within. */
  isNew(asker: string, runEnd: number): boolean;
}

export function createRuns(text: string): Runs {
  const known = new Map<Alphabet, { start: number; end: number }>();
  const found = new Map<string, { from: number; at: number }>();
  const asked = new Map<string, number>();
  return {
    end(characters, from) {
      const last = known.get(characters);
      if (last !== undefined && from >= last.start && from <= last.end) return last.end;
      let end = from;
      while (end < text.length && isIn(characters, text.charCodeAt(end))) end += 1;
      known.set(characters, { start: from, end });
      return end;
    },
    next(needle, from) {
      const last = found.get(needle);
      if (last !== undefined && from >= last.from && (last.at === -1 || from <= last.at)) return last.at;
      const at = text.indexOf(needle, from);
      found.set(needle, { from, at });
      return at;
    },
    isNew(asker, runEnd) {
      if (asked.get(asker) === runEnd) return false;
      asked.set(asker, runEnd);
      return true;
    },
  };
}

/** A secret begins where no word goes on: not within a word or a number, but behind an escape such as `\n` or `%3D`. */
export function isWordBoundary(text: string, at: number): boolean {
  if (at === 0 || !isIn(ALNUM, text.charCodeAt(at - 1))) return true;
  if (text[at - 2] === '\\') return true;
  return text[at - 3] === '%' && /[0-9a-f]{2}/i.test(text.slice(at - 2, at));
}
