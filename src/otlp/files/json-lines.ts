import { endOfValue, MalformedJson, skipSpace } from './json-parts.ts';
import type { ByteRange } from './json-parts.ts';

const LINE_FEED = 10;

export interface Line extends ByteRange {
  /** Counted from 1. */
  readonly number: number;
}

/** Lines with something on them. */
export function* filledLines(bytes: Buffer): Generator<Line> {
  let start = 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    if (skipSpace(bytes, start, end) < end) yield { number, start, end };
    start = end + 1;
  }
}

/**
 * True when each line is a document of its own. The first line decides; when it is broken, the second does, unless the
 * first looks like the beginning of a document that goes on below it.
 */
export function areLines(bytes: Buffer): boolean {
  const lines = filledLines(bytes);
  const first = lines.next();
  const second = lines.next();
  if (first.done === true || second.done === true) return false;
  if (isWhole(bytes, first.value)) return true;
  return !isOpening(bytes, first.value) && isWhole(bytes, second.value);
}

function isWhole(bytes: Buffer, { start, end }: Line): boolean {
  try {
    const at = skipSpace(bytes, start, end);
    return bytes[at] === OPEN_OBJECT && skipSpace(bytes, endOfValue(bytes, at, end), end) === end;
  } catch (thrown) {
    if (thrown instanceof MalformedJson) return false;
    throw thrown;
  }
}

const OPEN_OBJECT = 0x7b;
const OPENING = /[[{,:]\s*$/;

function isOpening(bytes: Buffer, { start, end }: Line): boolean {
  return OPENING.test(bytes.toString('latin1', Math.max(start, end - 8), end));
}
