import { BASE64, BASE64URL, UPPER_ALNUM, isIn } from './alphabets.ts';
import type { Runs } from './alphabets.ts';
import type { AnchoredShape, Range } from './shape.ts';
import { token } from './token.ts';

const LONGEST_HEADER = 4_096;

const jwt: AnchoredShape = {
  type: 'anchored',
  id: 'jwt',
  group: 'shapes',
  title: 'JSON web tokens',
  explanation:
    'Looks for JSON web tokens: parts in base64 joined by dots, of which the first decodes to a header with an algorithm.',
  kind: 'token',
  isOnAtFirst: true,
  anchors: ['eyJ', 'ewog', 'ewoJ', 'eyAi'],
  isPrefix: true,
  minimum: 12,
  find(text, at, _anchor, runs) {
    const dot = runs.end(BASE64URL, at);
    if (text[dot] !== '.' || dot - at > LONGEST_HEADER || !runs.isNew('jwt', dot)) return null;
    let end = runs.end(BASE64URL, dot + 1);
    if (end === dot + 1 && text[end] !== '.') return null;
    if (!isTokenHeader(text.slice(at, dot))) return null;
    // A signed token has two more parts, an encrypted one four.
    for (let part = 0; part < 3 && text[end] === '.'; part += 1) {
      const next = runs.end(BASE64URL, end + 1);
      if (next === end + 1 && text[next] !== '.') break;
      end = next;
    }
    return { start: at, end };
  },
};

/** Read without a parser: a text full of such beginnings would make it throw for each of them. */
function isTokenHeader(part: string): boolean {
  const header = Buffer.from(part, 'base64url').toString('latin1');
  return /^\s{0,8}\{/.test(header) && (header.includes('"alg"') || header.includes('"enc"'));
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const PRIVATE_HEADER = /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const FOOTER = /^-----END [A-Z0-9 ]{0,60}-----/;
const LONGEST_KEY = 65_536;

const privateKey: AnchoredShape = {
  type: 'anchored',
  id: 'private-key',
  group: 'shapes',
  title: 'Private keys',
  explanation:
    'Looks for private keys in PEM blocks (RSA, EC, OpenSSH, PGP), also cut off or with their line ends escaped. Public keys and certificates stay.',
  kind: 'private-key',
  isOnAtFirst: true,
  anchors: ['-----BEGIN'],
  isPrefix: false,
  minimum: 0,
  find(text, at, _anchor, runs) {
    const header = PRIVATE_HEADER.exec(text.slice(at, at + 100))?.[0];
    if (header === undefined) return null;
    const from = at + header.length;
    const footer = runs.next(END, from);
    const another = runs.next(BEGIN, from);
    if (footer !== -1 && footer - at <= LONGEST_KEY && (another === -1 || footer < another)) {
      const ending = FOOTER.exec(text.slice(footer, footer + 100))?.[0] ?? END;
      return footer - from >= 16 ? { start: at, end: footer + ending.length } : null;
    }
    const end = endOfCutBlock(text, from, runs);
    return end === from ? null : { start: at, end };
  },
};

/** Behind the last line of base64. A line of the text behind it has spaces or is short. */
function endOfCutBlock(text: string, from: number, runs: Runs): number {
  let end = from;
  for (;;) {
    const start = afterLineEnds(text, end);
    if (start === end) return end;
    const lineEnd = runs.end(BASE64, start);
    const isLast = lineEnd === text.length;
    if (lineEnd === start || (lineEnd - start < 16 && !isLast)) return end;
    end = lineEnd;
    if (isLast) return end;
  }
}

/** Line ends as they are or as escapes, at any depth of JSON. */
function afterLineEnds(text: string, from: number): number {
  let at = from;
  for (;;) {
    const letter = text[at];
    if (letter === '\n' || letter === '\r' || letter === ' ' || letter === '\\') at += 1;
    else if ((letter === 'n' || letter === 'r') && text[at - 1] === '\\') at += 1;
    else return at;
  }
}

const minisign: AnchoredShape = {
  type: 'anchored',
  id: 'minisign-key',
  group: 'shapes',
  title: 'minisign secret keys',
  explanation: 'Looks for secret keys of minisign and signify, which begin with RWRTY0Iy.',
  kind: 'private-key',
  isOnAtFirst: true,
  anchors: ['RWRTY0Iy'],
  isPrefix: true,
  minimum: 60,
  find(text, at, anchor, runs): Range | null {
    const end = runs.end(BASE64, at + anchor.length);
    const length = end - at;
    return length >= 68 && length <= 300 && !isIn(BASE64URL, text.charCodeAt(end)) ? { start: at, end } : null;
  },
};

/** Keys and tokens that no one company issues. */
export const KEYS = [
  jwt,
  privateKey,
  token({
    id: 'age-key',
    title: 'age secret keys',
    explanation: 'Looks for secret keys of the encryption tool age (AGE-SECRET-KEY-1).',
    kind: 'private-key',
    prefixes: ['AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-PQ-1'],
    characters: UPPER_ALNUM,
    min: 40,
    max: 120,
  }),
  minisign,
];
