import { ALNUM, DOTTED, isIn } from './alphabets.ts';
import type { AnchoredShape, Range, ScannedShape } from './shape.ts';

const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 253;

/** RFC 5321 sizes; the local part in the characters that people have in theirs. */
const email: AnchoredShape = {
  type: 'anchored',
  id: 'email',
  group: 'personal',
  title: 'E-mail addresses',
  explanation: 'Looks for e-mail addresses in every text.',
  kind: 'email',
  isOnAtFirst: false,
  anchors: ['@'],
  isPrefix: false,
  minimum: 4,
  find(text, at) {
    let start = at;
    while (start > 0 && at - start < LONGEST_LOCAL_PART && isLocalCode(text.charCodeAt(start - 1))) start -= 1;
    while (text[start] === '.') start += 1;
    let end = at + 1;
    while (end - at <= LONGEST_DOMAIN && isIn(DOTTED, text.charCodeAt(end)) && text[end] !== '_') end += 1;
    while (text[end - 1] === '.' || text[end - 1] === '-') end -= 1;
    const isDomain = /\.[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z]$/.test(text.slice(Math.max(at, end - 64), end));
    // `git@host:path` is where a repository is.
    const isRepository = text.slice(start, at) === 'git' && (text[end] === ':' || text[end] === '/');
    return start < at && isDomain && !isRepository ? { start, end } : null;
  },
};

function isLocalCode(code: number): boolean {
  return isIn(DOTTED, code) || code === 43 || code === 39 || code > 127;
}

/** Behind an escape such as `\\n` in JSON a number begins as it does behind a space. */
const INTERNATIONAL = /(?<!(?:^|[^\\])[\w+.])\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,4}\)?){2,6}(?![\w-])/g;
const NORTH_AMERICAN = /(?<!(?:^|[^\\])[\w.+)-])(?:\(\d{3}\) ?|\d{3}([-. ]))\d{3}[-. ]\d{4}(?![\w-])/g;

const phone: ScannedShape = {
  type: 'scanned',
  id: 'phone',
  group: 'personal',
  title: 'Phone numbers',
  explanation:
    'Looks for phone numbers with their country (+49 30 1234567) and for North American ones (415-555-0123).',
  kind: 'phone',
  isOnAtFirst: false,
  scan(text) {
    const found = [...rangesOf(INTERNATIONAL, text), ...rangesOf(NORTH_AMERICAN, text)].filter(({ start, end }) => {
      const digits = text.slice(start, end).replace(/\D/g, '').length;
      return digits >= 8 && digits <= 15;
    });
    return found.sort((a, b) => a.start - b.start);
  },
};

/** How long the account numbers of a country are (ISO 13616 registry). */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AT20 BE16 BG22 BR29 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IL23 IS26 IT27
   LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SA24 SE24 SI19 SK24 SM27 TR26 UA29`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const IBAN = /(?<!(?:^|[^\\])[A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g;

const iban: ScannedShape = {
  type: 'scanned',
  id: 'iban',
  group: 'personal',
  title: 'Bank accounts (IBAN)',
  explanation: 'Looks for international bank account numbers whose country, length and check digits are right.',
  kind: 'iban',
  isOnAtFirst: false,
  scan: (text) =>
    rangesOf(IBAN, text).flatMap((range) => {
      const end = accountEnd(text, range);
      return end === null ? [] : [{ start: range.start, end }];
    }),
};

/** The run may go on with words in capitals: the country says where the number ends. */
function accountEnd(text: string, { start, end }: Range): number | null {
  let missing = IBAN_LENGTHS.get(text.slice(start, start + 2)) ?? 0;
  if (missing === 0) return null;
  let at = start;
  for (; at < end && missing > 0; at += 1) if (text[at] !== ' ') missing -= 1;
  if (missing > 0 || isIn(ALNUM, text.charCodeAt(at))) return null;
  return isChecked(text.slice(start, at).replaceAll(' ', '')) ? at : null;
}

/** ISO 7064, modulo 97-10. */
function isChecked(account: string): boolean {
  let rest = 0;
  for (const letter of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function rangesOf(pattern: RegExp, text: string): Range[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
}

/** About people, not about access: off until the user wants it. */
export const PERSONAL = [email, phone, iban];
