import { addHit } from '../hits.ts';
import { isAlphanumeric, isQuote, isSpace, isSpaceOrTab } from './characters.ts';
import { ENOUGH_TO_JUDGE, isPlausibleSecret } from './plausible-value.ts';
import { eachOccurrence } from './rule.ts';
import type { TextRule } from './rule.ts';

const DASH = 45;
const LONGEST_FLAG = 64;

/** Words that speak about a flag: "pass --token to the server". */
const PROSE = /^(?:to|is|and|or|a|the|with|for|if|in|can|must|may|flag|flags|option|argument|parameter|switch)$/i;

/** `--api-key VALUE` in a command line; `--api-key=VALUE` is a label. */
export const findFlags: TextRule = (text, { gaps, names }, hits) => {
  eachOccurrence(text, '--', gaps, (at, { to }) => {
    let end = at + 2;
    while (end < to && end - at < LONGEST_FLAG && isFlagCode(text.charCodeAt(end))) end += 1;
    const name = text.slice(at + 2, end);
    const announced = isSpaceOrTab(text.charCodeAt(end)) ? names.key(name) : null;
    if (announced === null) return end;
    const value = argument(text, end);
    if (!isValue(name, text.slice(value.start, value.start + ENOUGH_TO_JUDGE), value)) return end;
    addHit(hits, text, value, { rule: announced.rule ?? 'flag', kind: announced.kind });
    return value.end;
  });
};

function isValue(name: string, beginning: string, { start, end }: Range): boolean {
  if (beginning.startsWith('-')) return false;
  return isPlausibleSecret(name, beginning) && !PROSE.test(beginning.slice(0, end - start));
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function isFlagCode(code: number): boolean {
  return isAlphanumeric(code) || code === DASH || code === 95 || code === 46;
}

/** One word, or what stands between quotes on this line. */
function argument(text: string, from: number): Range {
  const to = text.length;
  let start = from;
  while (start < to && isSpaceOrTab(text.charCodeAt(start))) start += 1;
  const quote = isQuote(text.charCodeAt(start)) ? text.charCodeAt(start) : 0;
  if (quote !== 0) start += 1;
  let end = start;
  while (end < to && (quote === 0 ? !isSpace(text.charCodeAt(end)) : !endsQuoted(text.charCodeAt(end), quote)))
    end += 1;
  return { start, end };
}

function endsQuoted(code: number, quote: number): boolean {
  return code === quote || code === 10 || code === 13;
}
