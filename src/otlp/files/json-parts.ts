import { parseExactJson } from '../decode/json-text.ts';

/** A member of a JSON object, or one item of a list that is a member; `key` is null for the items of an outermost list. */
export interface JsonPart {
  readonly key: string | null;
  readonly value: unknown;
  readonly isItem: boolean;
  /** Length of its text: how much work it was to read. */
  readonly bytes: number;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The text breaks off or is no JSON. Caught where a file is read. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

/** Documents up to this size are parsed whole, which is faster. */
const SMALL = 256 * 1024;

/**
 * A document in parts, so that a large one is never held as a whole: each item of its lists is parsed when its turn comes.
 * Throws MalformedJson where the text is no JSON; the parts before that are good.
 */
export function* jsonParts(bytes: Buffer, range: ByteRange): Generator<JsonPart> {
  if (range.end - range.start <= SMALL) {
    const document = parseExactJson(bytes.toString('utf8', range.start, range.end));
    // What cannot be parsed whole may still have good parts.
    if (document !== undefined) {
      yield* partsOf(document, range.end - range.start);
      return;
    }
  }
  yield* scannedParts(bytes, range);
}

function* partsOf(document: unknown, bytes: number): Generator<JsonPart> {
  if (Array.isArray(document)) {
    const each = bytes / document.length;
    for (const value of document as readonly unknown[]) yield { key: null, value, isItem: true, bytes: each };
  } else if (typeof document === 'object' && document !== null) {
    const members = Object.entries(document as Record<string, unknown>);
    for (const [key, value] of members) yield* partsOfMember(key, value, bytes / members.length);
  }
}

function* partsOfMember(key: string, value: unknown, bytes: number): Generator<JsonPart> {
  if (!Array.isArray(value)) {
    yield { key, value, isItem: false, bytes };
    return;
  }
  // Also an empty list says what a document is.
  yield { key, value: [], isItem: false, bytes: 0 };
  for (const item of value as readonly unknown[]) yield { key, value: item, isItem: true, bytes: bytes / value.length };
}

const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function* scannedParts(bytes: Buffer, range: ByteRange): Generator<JsonPart> {
  const start = skipSpace(bytes, range.start, range.end);
  let at: number;
  if (bytes[start] === OPEN_LIST) at = yield* items(bytes, { start, end: range.end }, null);
  else if (bytes[start] === OPEN_OBJECT) at = yield* members(bytes, { start, end: range.end });
  else throw new MalformedJson('Neither an object nor a list.');
  if (skipSpace(bytes, at, range.end) < range.end) throw new MalformedJson('Something follows the document.');
}

/** Ends behind the list. */
function* items(bytes: Buffer, range: ByteRange, key: string | null): Generator<JsonPart, number> {
  let at = skipSpace(bytes, range.start + 1, range.end);
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    const end = endOfValue(bytes, at, range.end);
    yield { key, value: parsed(bytes, at, end), isItem: true, bytes: end - at };
    at = skipSpace(bytes, end, range.end);
    if (bytes[at] === CLOSE_LIST && at < range.end) return at + 1;
    at = skipSpace(bytes, expect(bytes, at, range.end, COMMA), range.end);
  }
}

function* members(bytes: Buffer, range: ByteRange): Generator<JsonPart, number> {
  let at = skipSpace(bytes, range.start + 1, range.end);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    const keyEnd = endOfValue(bytes, at, range.end);
    const key = parsed(bytes, at, keyEnd);
    if (typeof key !== 'string') throw new MalformedJson('A name is no text.');
    at = skipSpace(bytes, expect(bytes, skipSpace(bytes, keyEnd, range.end), range.end, COLON), range.end);
    if (bytes[at] === OPEN_LIST) {
      yield { key, value: [], isItem: false, bytes: 0 };
      at = yield* items(bytes, { start: at, end: range.end }, key);
    } else {
      const end = endOfValue(bytes, at, range.end);
      yield { key, value: parsed(bytes, at, end), isItem: false, bytes: end - at };
      at = end;
    }
    at = skipSpace(bytes, at, range.end);
    if (bytes[at] === CLOSE_OBJECT && at < range.end) return at + 1;
    at = skipSpace(bytes, expect(bytes, at, range.end, COMMA), range.end);
  }
}

function parsed(bytes: Buffer, start: number, end: number): unknown {
  const value = parseExactJson(bytes.toString('utf8', start, end));
  if (value === undefined) throw new MalformedJson('A value is no JSON.');
  return value;
}

function expect(bytes: Buffer, at: number, end: number, byte: number): number {
  if (at >= end || bytes[at] !== byte) throw new MalformedJson('The text breaks off or is no JSON.');
  return at + 1;
}

export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && SPACE.has(bytes[at] ?? 0)) at += 1;
  return at;
}

/** Where the value that begins at `start` ends. Looks at quotes and brackets only: what is between is parsed later. */
export function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at, end);
      if (depth === 0) return at;
      continue;
    }
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth -= 1;
    } else if (depth === 0 && (byte === COMMA || byte === COLON || SPACE.has(byte ?? 0))) return at;
    at += 1;
  }
  if (depth > 0) throw new MalformedJson('The text breaks off.');
  return at;
}

function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  throw new MalformedJson('A text breaks off.');
}
