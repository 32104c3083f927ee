import type { Alphabet } from './alphabets.ts';
import { ALNUM, isIn } from './alphabets.ts';
import type { AnchoredShape } from './shape.ts';

export interface TokenForm {
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  readonly kind?: string;
  readonly prefixes: readonly string[];
  /** What follows the prefix. */
  readonly characters: Alphabet;
  readonly min: number;
  /** A longer run is something else, such as an encoded picture. */
  readonly max: number;
  /** Of the whole token: whether it is more than a word that begins like one. */
  readonly check?: (token: string, prefix: string) => boolean;
}

/** A token with a prefix of its own. All of the run of its characters is hidden, so that no end of it stays. */
export function token(form: TokenForm): AnchoredShape {
  const { id, title, explanation, kind, prefixes, characters, min, max, check } = form;
  return {
    type: 'anchored',
    id,
    group: 'shapes',
    title,
    explanation,
    kind: kind ?? 'token',
    isOnAtFirst: true,
    anchors: prefixes,
    isPrefix: true,
    minimum: min,
    find(text, at, prefix, runs) {
      const from = at + prefix.length;
      let end = runs.end(characters, from);
      while (text[end - 1] === '.') end -= 1;
      if (end - from < min || end - from > max || isIn(ALNUM, text.charCodeAt(end))) return null;
      if (check !== undefined && (!runs.isNew(id, end) || !check(text.slice(at, end), prefix))) return null;
      return { start: at, end };
    },
  };
}

/** A word of letters alone is no token, and neither is a number. */
export function isMixed(text: string): boolean {
  return /[0-9]/.test(text) && /[A-Za-z]/.test(text);
}

/** One stretch between dashes and underscores is long and mixed: words with dashes are not. */
export function hasRandomPart(shortest: number): (token: string, prefix: string) => boolean {
  return (token, prefix) =>
    token
      .slice(prefix.length)
      .split(/[-_.]/)
      .some((part) => part.length >= shortest && isMixed(part));
}
