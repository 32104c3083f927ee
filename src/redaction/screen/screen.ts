import { createAutomaton, type Automaton, type Pattern } from './automaton.ts';
import type { ShapeFinder } from '../rules/shapes/find-shapes.ts';
import { FLAG, PATTERNS, needsRules, patternOfWord, patternsOfSecret } from './patterns.ts';

/**
 * Tells in one pass which texts no rule can find anything in, so that they need not be read by each of them. It errs on
 * one side only: what it calls clear is clear, what it does not may be clear all the same.
 */
export interface Screen {
  /** For a text that is read as it is: an attribute, a name, a message. A clear one holds no control characters either. */
  isClearText(text: string): boolean;
  /** For a text that is known to be one JSON document. */
  jsonVerdict(text: string): JsonVerdict;
}

export interface JsonVerdict {
  readonly isClear: boolean;
  /** Every character is one byte in UTF-8. */
  readonly isAscii: boolean;
}

/** More would be too deep for the rules, or cannot be told from that without reading the text as JSON. */
const MOST_OPENINGS = 90;

/** What rules look for that can be changed. */
export interface Screening {
  /** Live: the screen follows when it has grown or shrunk. */
  readonly knownSecrets: ReadonlySet<string>;
  readonly userValues: readonly string[];
  /** Of each rule for names of the user's, a text that it needs; '' when it needs none. */
  readonly words: readonly string[];
  readonly shapes: Pick<ShapeFinder, 'anchors' | 'isPlausible' | 'isScanned'>;
  /** There are rules of which nothing is known that they need. */
  readonly letsNothingThrough: boolean;
}

export function createScreen(screening: Screening): Screen {
  const { knownSecrets, shapes } = screening;
  const fixed = fixedPatterns(screening);
  let automaton = automatonFor(fixed, knownSecrets);
  let secretsSeen = knownSecrets.size;

  function flagsIn(text: string): number {
    if (knownSecrets.size !== secretsSeen) {
      automaton = automatonFor(fixed, knownSecrets);
      secretsSeen = knownSecrets.size;
    }
    return scan(text, automaton, shapes);
  }

  return {
    isClearText(text) {
      const flags = flagsIn(text);
      return (flags & FLAG.control) === 0 && !needsRules(flags, 'text');
    },
    jsonVerdict(text) {
      const flags = flagsIn(text);
      return { isClear: !needsRules(flags, 'json'), isAscii: (flags & FLAG.nonAscii) === 0 };
    },
  };
}

function fixedPatterns({ userValues, words, shapes, letsNothingThrough }: Screening): readonly Pattern[] {
  return [
    ...PATTERNS,
    ...userValues.flatMap((value) => patternsOfSecret(value, true)),
    ...words.map((word) => patternOfWord(word, FLAG.rules)),
    ...shapes.anchors.map((anchor) => ({ word: anchor.toLowerCase(), flags: FLAG.shape })),
    ...(letsNothingThrough ? [{ word: '', flags: FLAG.rules }] : []),
  ];
}

function automatonFor(fixed: readonly Pattern[], knownSecrets: ReadonlySet<string>): Automaton {
  return createAutomaton([...fixed, ...[...knownSecrets].flatMap((secret) => patternsOfSecret(secret))]);
}

function scan(
  text: string,
  { columns, next, bits, flags, firstFlagged }: Automaton,
  shapes: Screening['shapes'],
): number {
  let found = flags[0] ?? 0;
  let state = 0;
  let openings = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) {
      found |= flagsOfNonAscii(code);
      state = 0;
      continue;
    }
    state = next[state + (columns[code] ?? 0)] ?? 0;
    if (state < firstFlagged) continue;
    const raised = flags[state >> bits] ?? 0;
    found |= raised & ~FLAG.shape;
    if ((raised & FLAG.shape) !== 0 && (found & FLAG.rules) === 0 && shapes.isPlausible(text, at)) found |= FLAG.rules;
    if ((raised & FLAG.opening) !== 0) openings += 1;
  }
  const needsLook = openings > MOST_OPENINGS || ((found & FLAG.rules) === 0 && shapes.isScanned(text));
  return needsLook ? found | FLAG.rules : found;
}

function flagsOfNonAscii(code: number): number {
  // The Kelvin sign and the dotted capital I become ASCII letters in lower case, and so parts of words.
  if (code === 0x212a || code === 0x130) return FLAG.nonAscii | FLAG.rules;
  return isControl(code) ? FLAG.nonAscii | FLAG.control : FLAG.nonAscii;
}

function isControl(code: number): boolean {
  if (code <= 0x9f) return true;
  return (
    code === 0x61c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}
