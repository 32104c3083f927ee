import { UserError } from '../../shared/kernel/user-error.ts';

/** One word of a query: `-key:value|value`, `key:value` or plain text. */
export interface Token {
  /** As it was typed, for error sentences. */
  readonly word: string;
  readonly isNegated: boolean;
  /** Lower case; null for plain text. */
  readonly key: string | null;
  /** The values between unquoted bars; plain text has exactly one. */
  readonly values: readonly string[];
}

const KEY = /^([A-Za-z_]+):/;

/**
 * Splits a query at its spaces. Double quotes keep spaces, bars and colons together; within them a backslash takes the
 * next character as it is. A word that starts with a quote is always plain text.
 *
 * Throws a UserError when a quote is not closed.
 */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < query.length) {
    if (/\s/.test(query.charAt(position))) {
      position += 1;
      continue;
    }
    const end = endOfWord(query, position);
    tokens.push(tokenOf(query.slice(position, end)));
    position = end;
  }
  return tokens;
}

function endOfWord(query: string, start: number): number {
  let isQuoted = false;
  for (let index = start; index < query.length; index += 1) {
    const character = query.charAt(index);
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) index += 1;
    else if (!isQuoted && /\s/.test(character)) return index;
  }
  if (isQuoted) throw new UserError(`The quote in ${query.slice(start)} is not closed: add a " at its end.`);
  return query.length;
}

function tokenOf(word: string): Token {
  const isNegated = word.startsWith('-') && word.length > 1;
  const rest = isNegated ? word.slice(1) : word;
  const key = KEY.exec(rest)?.[1] ?? null;
  if (key === null) return { word, isNegated, key, values: [unquote(rest)] };
  const values = splitAtBars(rest.slice(key.length + 1)).map(unquote);
  return { word, isNegated, key: key.toLowerCase(), values };
}

/** Bars within quotes do not split. */
function splitAtBars(text: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) index += 1;
    else if (character === '|' && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function unquote(text: string): string {
  let plain = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) plain += text.charAt((index += 1));
    else plain += character;
  }
  return plain;
}
