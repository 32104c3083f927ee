import { ALNUM, isIn } from './alphabets.ts';
import type { Range, ScannedShape } from './shape.ts';

const SHORTEST = 13;

/** How issuers write them in groups; without spaces and dashes a card is one group. */
const GROUPINGS: readonly (readonly number[])[] = [
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 1],
];

/** The first digits that issuers have, and how many there are in all (ISO/IEC 7812). */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|65|64[4-9])/, [16, 19]],
  [/^(?:36|38|39|30[0-5])/, [14]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
];

const NONE: readonly Range[] = [];

/** Payment cards. Looks at every thirteenth character only: no card fits between two of them. */
export const CARDS: ScannedShape = {
  type: 'scanned',
  id: 'payment-card',
  group: 'shapes',
  title: 'Payment cards',
  explanation:
    'Looks for card numbers of 13 to 19 digits, with or without spaces and dashes, that begin as issuers number them and whose check digit is right.',
  kind: 'payment-card',
  isOnAtFirst: true,
  scan(text) {
    let found: Range[] | undefined;
    let done = 0;
    for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
      const code = text.charCodeAt(at);
      if (code > 57 || !isCardCode(code)) continue;
      let start = at;
      while (start > done && isCardCode(text.charCodeAt(start - 1))) start -= 1;
      let end = at + 1;
      while (end < text.length && isCardCode(text.charCodeAt(end))) end += 1;
      done = end;
      at = Math.max(at, end - 1);
      if (end - start >= SHORTEST) for (const card of cardsIn(text, start, end)) (found ??= []).push(card);
    }
    return found ?? NONE;
  },
};

function isCardCode(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 32 || code === 45;
}

/** Cards in a run of digits, spaces and dashes. */
function cardsIn(text: string, from: number, to: number): Range[] {
  const groups = groupsIn(text, from, to);
  const cards: Range[] = [];
  for (let index = 0; index < groups.length; index += 1) {
    const length = cardLength(text, groups, index);
    if (length === 0) continue;
    const first = groups[index];
    const last = groups[index + length - 1];
    if (first === undefined || last === undefined || !standsAlone(text, first.start, last.end)) continue;
    cards.push({ start: first.start, end: last.end });
    index += length - 1;
  }
  return cards;
}

function groupsIn(text: string, from: number, to: number): Range[] {
  const groups: Range[] = [];
  for (let at = from; at < to; at += 1) {
    const start = at;
    while (at < to && text.charCodeAt(at) >= 48) at += 1;
    if (at > start) groups.push({ start, end: at });
  }
  return groups;
}

/** Of how many groups from here on a card is made; 0 when there is none. */
function cardLength(text: string, groups: readonly Range[], index: number): number {
  const digitsOf = (count: number) =>
    groups
      .slice(index, index + count)
      .map(({ start, end }) => text.slice(start, end))
      .join('');
  const first = groups[index];
  if (first === undefined || !'23456'.includes(text[first.start] ?? ' ')) return 0;
  const size = first.end - first.start;
  if (size >= SHORTEST) return size <= 19 && isCard(digitsOf(1)) ? 1 : 0;
  if (size !== 4) return 0;
  for (const grouping of GROUPINGS) {
    if (fits(text, groups, index, grouping) && isCard(digitsOf(grouping.length))) return grouping.length;
  }
  return 0;
}

/** The groups have these sizes and one separator between them, always the same. */
function fits(text: string, groups: readonly Range[], index: number, sizes: readonly number[]): boolean {
  const separator = text[groups[index]?.end ?? 0];
  return sizes.every((size, offset) => {
    const group = groups[index + offset];
    if (group === undefined || group.end - group.start !== size) return false;
    if (offset === 0) return true;
    const before = groups[index + offset - 1];
    return before !== undefined && group.start - before.end === 1 && text[before.end] === separator;
  });
}

/** Not a part of a word, of a longer name, or of a decimal fraction. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before === 95 || (isIn(ALNUM, before) && text[start - 2] !== '\\')) return false;
  if (before === 46 && isIn(ALNUM, text.charCodeAt(start - 2))) return false;
  const after = text.charCodeAt(end);
  if (after === 95 || isIn(ALNUM, after)) return false;
  return !(after === 46 && isIn(ALNUM, text.charCodeAt(end + 1)));
}

function isCard(digits: string): boolean {
  const isIssued = ISSUERS.some(([beginning, lengths]) => lengths.includes(digits.length) && beginning.test(digits));
  return isIssued && isLuhn(digits) && !/^(\d)\1+$/.test(digits);
}

/** Every second digit from the right counts double (ISO/IEC 7812-1, annex B). */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const counted = at % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
