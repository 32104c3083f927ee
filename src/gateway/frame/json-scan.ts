/**
 * Finds where the members of a JSON object stand in its source text, so that one value can be exchanged while every
 * other byte stays as it was sent. It assumes text that `JSON.parse` accepts; on anything else its answers mean nothing.
 */
export interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  /** Exclusive. */
  readonly valueEnd: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** The members of the object that starts at `start`, in order, duplicates included; null when it is no object. */
export function membersAt(text: string, start: number): readonly Member[] | null {
  let position = skipSpace(text, start);
  if (text.charCodeAt(position) !== OPEN_BRACE) return null;
  const members: Member[] = [];
  position = skipSpace(text, position + 1);
  while (position < text.length && text.charCodeAt(position) !== CLOSE_BRACE) {
    const keyStart = position;
    const keyEnd = stringEnd(text, keyStart);
    position = skipSpace(text, keyEnd);
    if (text.charCodeAt(position) === COLON) position += 1;
    const valueStart = skipSpace(text, position);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ key: decodeKey(text, keyStart, keyEnd), keyStart, valueStart, valueEnd });
    position = skipSpace(text, valueEnd);
    if (text.charCodeAt(position) === COMMA) position = skipSpace(text, position + 1);
  }
  return members;
}

/** Where a value stands in its text. */
export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Where the elements of the array that starts at `start` stand; null when it is no array. */
export function elementRangesAt(text: string, start: number): readonly Range[] | null {
  let position = skipSpace(text, start);
  if (text.charCodeAt(position) !== OPEN_BRACKET) return null;
  const ranges: Range[] = [];
  position = skipSpace(text, position + 1);
  while (position < text.length && text.charCodeAt(position) !== CLOSE_BRACKET) {
    const end = endOfValue(text, position);
    ranges.push({ start: position, end });
    // Text that is no JSON might not move on; nothing is to be had from it.
    if (end === position) return ranges;
    position = skipSpace(text, end);
    if (text.charCodeAt(position) === COMMA) position = skipSpace(text, position + 1);
  }
  return ranges;
}

/** The source of each element of the array that starts at `start`; null when it is no array. */
export function elementsAt(text: string, start: number): readonly string[] | null {
  return elementRangesAt(text, start)?.map((range) => text.slice(range.start, range.end)) ?? null;
}

/** The last member with this key: the one `JSON.parse` keeps when a key is there twice. */
export function memberNamed(members: readonly Member[] | null, key: string): Member | undefined {
  return members?.findLast((member) => member.key === key);
}

export function skipSpace(text: string, start: number): number {
  let position = start;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return position;
    position += 1;
  }
}

function decodeKey(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(text.slice(start, end))) : raw;
}

/** End (exclusive) of the string whose opening quote is at `start`. */
function stringEnd(text: string, start: number): number {
  let position = start + 1;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    position = quote + 1;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return stringEnd(text, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(text, start);
  let position = start;
  while (position < text.length && !endsScalar(text.charCodeAt(position))) position += 1;
  return position;
}

function endOfContainer(text: string, start: number): number {
  let depth = 0;
  let position = start;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = stringEnd(text, position);
      continue;
    }
    position += 1;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return position;
    }
  }
  return text.length;
}

function endsScalar(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || code <= 0x20;
}
