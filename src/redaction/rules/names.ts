import { secretKind, secretParameterKind, wordsOf } from './key-name.ts';

/** What a name says about its value. */
export interface Announced {
  /** The kind of secret. */
  readonly kind: string;
  /** The user's rule that says so, or null for what is built in. */
  readonly rule: string | null;
}

/** Which names announce a secret: those that are built in, and the user's own. */
export interface Names {
  /** Of a key, an attribute, a label or a flag. */
  key(name: string): Announced | null;
  /** Of a parameter of a URL, decoded. */
  parameter(name: string): Announced | null;
  /** Of an HTTP header: what its name says as a key, and the user's rules for headers. */
  header(name: string): Announced | null;
}

export interface NameRule {
  readonly rule: string;
  readonly name: string;
}

/** The kind of all that rules of the user's hide. */
export const YOURS = 'yours';

const MOST_REMEMBERED = 2_000;
const LONGEST_REMEMBERED = 64;

export function createNames(keyRules: readonly NameRule[], headerRules: readonly NameRule[]): Names {
  const ofUser = readersOf(keyRules);
  const headers = new Map(headerRules.map(({ name, rule }) => [headerName(name), { kind: YOURS, rule }] as const));

  function withUser(name: string, kind: string | null): Announced | null {
    const rule = ofUser(name);
    if (rule === null) return kind === null ? null : { kind, rule: null };
    // The built-in kind knows how far a value of its kind goes; a count of tokens is none.
    return { kind: kind === null || kind === 'tokens' ? YOURS : kind, rule };
  }

  const key = remember((name) => withUser(name, secretKind(name)));
  return {
    key,
    parameter: remember((name) => withUser(name, secretParameterKind(name))),
    header: (name) => key(name) ?? (headers.size === 0 ? null : (headers.get(headerName(name)) ?? null)),
  };
}

/** The words of a rule's name stand in a row among the words of the key, or as one word. */
function readersOf(rules: readonly NameRule[]): (name: string) => string | null {
  if (rules.length === 0) return () => null;
  const readers = rules.map(({ name, rule }) => ({ rule, words: wordsOf(name), exact: name.toLowerCase() }));
  return (name) => {
    const lists = [wordsOf(name), name.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? []];
    const found = readers.find(
      ({ words, exact }) => name.toLowerCase() === exact || lists.some((list) => holds(list, words)),
    );
    return found?.rule ?? null;
  };
}

function holds(list: readonly string[], words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const joined = words.join('');
  return list.some((word, index) => word === joined || words.every((each, offset) => list[index + offset] === each));
}

function headerName(name: string): string {
  return name.trim().toLowerCase().replaceAll('_', '-');
}

/** Names repeat: remembering what they say makes a known name one look-up. */
function remember(read: (name: string) => Announced | null): (name: string) => Announced | null {
  const remembered = new Map<string, Announced | null>();
  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const announced = read(name);
    if (name.length <= LONGEST_REMEMBERED) {
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(name, announced);
    }
    return announced;
  };
}
