import { formsOfSecret } from '../rules/known-secrets.ts';
import type { Pattern } from './automaton.ts';

/**
 * What in a text may make a rule find something. Each rule is stood for by what it cannot do without: names of secrets by
 * the stems of their words, addresses by their marks. A test holds the stems against the words of the rule for names.
 */
export const FLAG = {
  /** Enough on its own. */
  rules: 1,
  control: 2,
  nonAscii: 4,
  /** `key` announces a secret behind certain words only, `code` too, and `string` behind `connection`. */
  key: 8,
  beforeKey: 16,
  code: 32,
  beforeCode: 64,
  string: 128,
  connection: 256,
  /** Userinfo needs a scheme and an at sign, a parameter its mark and an equals sign. */
  scheme: 512,
  at: 1024,
  mark: 2048,
  equals: 4096,
  /** A pair's value in a document that breaks off: its name may be what is missing. */
  pairValue: 8192,
  embeddedPairValue: 16_384,
  opening: 32_768,
  /** The end of what begins a secret with a shape of its own; the screen looks closer by itself. */
  shape: 65_536,
} as const;

type Flag = (typeof FLAG)[keyof typeof FLAG];

/** Parts of every word that alone, or as the beginning of a pair, announces a secret. */
const STEMS = 'pass pwd pswd secret token jwt bearer basic cred auth cookie signature sess'.split(' ');
const BEFORE_KEY =
  'client api access account service shared storage subscription priv signing encryption master ssh pgp gpg';
const BEFORE_CODE = 'recovery verification backup';

/** What the values of its options are is told by the command only. */
const COMMANDS = ['curl ', 'identified by'];

/** In front of letters that are written as escapes. */
const ENCODED = ['\\u', '%4', '%5', '%6', '%7'];

/** Characters beyond ASCII that become letters of words in lower case, percent-encoded: the Kelvin sign, the dotted I. */
const ENCODED_LETTERS = ['%e2%84%aa', '%c4%b0'];

function each(words: readonly string[], flags: Flag): Pattern[] {
  return words.map((word) => ({ word, flags }));
}

export const PATTERNS: readonly Pattern[] = [
  ...each([...STEMS, ...COMMANDS, ...ENCODED, ...ENCODED_LETTERS], FLAG.rules),
  ...each(['key'], FLAG.key),
  ...each(BEFORE_KEY.split(' '), FLAG.beforeKey),
  ...each(['code'], FLAG.code),
  ...each(BEFORE_CODE.split(' '), FLAG.beforeCode),
  ...each(['string'], FLAG.string),
  ...each(['connection'], FLAG.connection),
  ...each(['://'], FLAG.scheme),
  ...each(['"val'], FLAG.pairValue),
  ...each(['\\"val'], FLAG.embeddedPairValue),
  ...each(['\x01'], FLAG.control),
  ...each(['{', '['], FLAG.opening),
  ...each(['?', '#', '&'], FLAG.mark),
  ...each(['='], FLAG.equals),
  ...each(['@'], FLAG.at),
];

const TOGETHER: readonly number[] = [
  FLAG.key | FLAG.beforeKey,
  FLAG.code | FLAG.beforeCode,
  FLAG.string | FLAG.connection,
  FLAG.scheme | FLAG.at,
  FLAG.mark | FLAG.equals,
];

/** In a document the quotes of another one within its strings are escaped. */
export function needsRules(flags: number, reading: 'text' | 'json'): boolean {
  const alone = FLAG.rules | (reading === 'json' ? FLAG.embeddedPairValue : FLAG.pairValue);
  if ((flags & alone) !== 0) return true;
  return TOGETHER.some((both) => (flags & both) === both);
}

/** Enough to be met nowhere by chance; a whole secret would only make the tables larger. */
const LONGEST_PATTERN = 8;

/** Stretches that are written the same in JSON at any depth: without quotes, backslashes, slashes and controls. */
const WRITTEN_PLAINLY = /[\x20-\x21\x23-\x2e\x30-\x5b\x5d-\x7e]+/g;

/**
 * A secret is found by the longest of its stretches that no encoding changes. One that has none (all quotes, all Chinese)
 * is stood for by any escape and any character, so that nothing is clear while it is known.
 */
export function patternsOfSecret(secret: string, isUserValue = false): Pattern[] {
  return formsOfSecret(secret, isUserValue).map((form) => patternOfWord(form, FLAG.rules));
}

/** The same for any text that a rule needs; '' for one that needs none. */
export function patternOfWord(text: string, flags: Flag): Pattern {
  const stretches = text.match(WRITTEN_PLAINLY) ?? [];
  const longest = stretches.reduce((best, stretch) => (stretch.length > best.length ? stretch : best), '');
  return { word: longest.slice(0, LONGEST_PATTERN).toLowerCase(), flags };
}
