export type JsonTokenKind = 'key' | 'string' | 'number' | 'literal' | 'punctuation' | 'note';

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
  /** JSON Pointer of the value this token shows (of a name, with a `#` after it), so that marks can find it. */
  readonly path: string | null;
}

export interface JsonLine {
  readonly indent: number;
  readonly tokens: readonly JsonToken[];
  /** The nearest name above or on the line; empty where there is none. */
  readonly name: string;
  /** Pointer of the object or array that this line opens; null when there is nothing to fold. */
  readonly fold: string | null;
  readonly folded: boolean;
}

interface Work {
  readonly value: unknown;
  readonly path: string;
  readonly indent: number;
  readonly key: string | null;
  /** The nearest key, of this or of what it stands in. */
  readonly name: string;
  readonly comma: boolean;
  /** Set for the line that closes what was opened. */
  readonly close: string | null;
}

/** Deeper than this is only said to be there: nobody reads it, and a hostile sender could nest without end. */
const MAX_DEPTH = 100;

/** A JSON value as lines of tokens, what is folded left out. */
export function jsonLines(root: unknown, folded: ReadonlySet<string>): readonly JsonLine[] {
  const lines: JsonLine[] = [];
  const stack: Work[] = [{ value: root, path: '', indent: 0, key: null, name: '', comma: false, close: null }];
  for (let work = stack.pop(); work !== undefined; work = stack.pop()) {
    if (work.close !== null) {
      lines.push(plainLine(work, [punctuation(work.close), ...commaOf(work)]));
      continue;
    }
    const head = work.key === null ? [] : [keyToken(work.key, work.path), punctuation(': ')];
    const members = membersOf(work.value);
    if (members !== null && members.entries.length > 0 && work.indent >= MAX_DEPTH) {
      const deeper = note(`${members.open} nested deeper than ${String(MAX_DEPTH)} levels ${members.close}`);
      lines.push(plainLine(work, [...head, deeper, ...commaOf(work)]));
      continue;
    }
    if (members === null || members.entries.length === 0) {
      const token = members === null ? scalar(work.value, work.path) : punctuation(`${members.open}${members.close}`);
      lines.push(plainLine(work, [...head, token, ...commaOf(work)]));
      continue;
    }
    const isFolded = folded.has(work.path);
    const inside = isFolded
      ? [note(` ${String(members.entries.length)} … `), punctuation(members.close), ...commaOf(work)]
      : [];
    const tokens = [...head, punctuation(members.open), ...inside];
    lines.push({ indent: work.indent, name: work.name, tokens, fold: work.path, folded: isFolded });
    if (isFolded) continue;
    stack.push({ ...work, close: members.close });
    pushMembers(stack, members, work);
  }
  return lines;
}

const LONGEST_SEGMENT = 128;

/** A name as the paths of findings write it: RFC 6901, cut, and with its own last `#` written otherwise. */
function pointerSegment(name: string): string {
  const cut = name.slice(0, LONGEST_SEGMENT).toWellFormed();
  return cut.replaceAll('~', '~0').replaceAll('/', '~1').replace(/#$/, '~2');
}

interface Members {
  readonly open: string;
  readonly close: string;
  readonly entries: readonly (readonly [string, unknown])[];
  readonly named: boolean;
}

function membersOf(value: unknown): Members | null {
  if (typeof value !== 'object' || value === null) return null;
  const named = !Array.isArray(value);
  return { open: named ? '{' : '[', close: named ? '}' : ']', entries: Object.entries(value), named };
}

function pushMembers(stack: Work[], members: Members, work: Work): void {
  for (let index = members.entries.length - 1; index >= 0; index -= 1) {
    const entry = members.entries[index];
    if (entry === undefined) continue;
    const [key, value] = entry;
    stack.push({
      value,
      path: `${work.path}/${pointerSegment(key)}`,
      indent: work.indent + 1,
      key: members.named ? key : null,
      name: members.named ? key : work.name,
      comma: index < members.entries.length - 1,
      close: null,
    });
  }
}

function scalar(value: unknown, path: string): JsonToken {
  if (typeof value === 'string') return { kind: 'string', text: value, path };
  if (typeof value === 'number') return { kind: 'number', text: String(value), path };
  return { kind: 'literal', text: String(value), path };
}

function keyToken(key: string, path: string): JsonToken {
  return { kind: 'key', text: key, path: `${path}#` };
}

function punctuation(text: string): JsonToken {
  return { kind: 'punctuation', text, path: null };
}

function note(text: string): JsonToken {
  return { kind: 'note', text, path: null };
}

function commaOf(work: Work): readonly JsonToken[] {
  return work.comma ? [punctuation(',')] : [];
}

function plainLine({ indent, name }: Work, tokens: readonly JsonToken[]): JsonLine {
  return { indent, name, tokens, fold: null, folded: false };
}
