import { parseJson } from '../../shared/kernel/parse-json.ts';

/** A number under a key that a double cannot hold exactly: times and integers that were written without quotes. */
const LONG_NUMBER = /("\w+"\s*:\s*)(-?\d{16,})(?=[\s,}\]])/g;
const HAS_LONG_NUMBER = /:\s*-?\d{16}/;

/**
 * What a JSON text says, or undefined when it is none, with long integers as text so that they keep all their digits.
 * Within a string nothing is taken for such a number: the quote behind a name there is an escaped one.
 */
export function parseExactJson(text: string): unknown {
  return parseJson(HAS_LONG_NUMBER.test(text) ? text.replace(LONG_NUMBER, '$1"$2"') : text);
}
