import type { Hit } from './hits.ts';

/**
 * A JSON document with the place of every value in its text, so that what is not hidden is kept byte for byte: big
 * integers, escapes, spaces and repeated keys included.
 */
export type TreeNode = StringNode | NumberNode | LiteralNode | ObjectNode | ArrayNode;

interface Span {
  readonly start: number;
  readonly end: number;
}

export interface StringNode extends Span {
  readonly type: 'string';
  readonly text: string;
  /** False when the raw text holds escapes, so that offsets in `text` are not offsets in the document. */
  readonly isVerbatim: boolean;
  hits: readonly Hit[];
}

export interface NumberNode extends Span {
  readonly type: 'number';
  readonly text: string;
  hits: readonly Hit[];
}

export interface LiteralNode extends Span {
  readonly type: 'literal';
}

export interface ObjectNode extends Span {
  readonly type: 'object';
  readonly keys: readonly StringNode[];
  readonly values: readonly TreeNode[];
  readonly isComplete: boolean;
}

export interface ArrayNode extends Span {
  readonly type: 'array';
  readonly items: readonly TreeNode[];
  readonly isComplete: boolean;
}

export interface JsonReading {
  /** Null when not even the beginning is JSON. */
  readonly root: TreeNode | null;
  /** Behind the root; or, when it is broken, the beginning of the first member or item that could not be read. */
  readonly end: number;
  readonly isComplete: boolean;
  /** Nested deeper than any document should be: what stands behind `end` has not been understood. */
  readonly isTooDeep: boolean;
}

/** Deeper documents are hidden from there on: recursion must end, and nobody reads them. */
const DEEPEST = 100;

const QUOTE = 34;
const BACKSLASH = 92;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEX4 = /[0-9a-fA-F]{4}/y;

/** Reads one JSON value (RFC 8259) beginning at `start`. Broken or cut off input gives what could be read of it. */
export function readJson(text: string, start: number): JsonReading {
  const reader = new JsonReader(text, start);
  const root = reader.value(0);
  const isComplete = root !== null && !reader.isBroken;
  return { root, end: isComplete ? root.end : reader.resumeAt, isComplete, isTooDeep: reader.isTooDeep };
}

/** The tree of a text that is one JSON document and nothing else; null for any other. */
export function readWholeJson(text: string): TreeNode | null {
  const { root, end, isComplete } = readJson(text, 0);
  return isComplete && text.slice(end).trim() === '' ? root : null;
}

class JsonReader {
  private readonly input: string;
  private at: number;
  isBroken = false;
  isTooDeep = false;
  /** The beginning of the innermost member or item that is not complete. */
  resumeAt: number;

  constructor(text: string, start: number) {
    this.input = text;
    this.at = start;
    this.resumeAt = start;
  }

  value(depth: number): TreeNode | null {
    this.skipSpace();
    const code = this.input.charCodeAt(this.at);
    if (code === QUOTE) return this.string();
    if (code === 123) return this.object(depth + 1);
    if (code === 91) return this.array(depth + 1);
    return this.scalar(code);
  }

  private object(depth: number): ObjectNode | null {
    if (depth > DEEPEST) return this.tooDeep();
    const start = this.at;
    const keys: StringNode[] = [];
    const values: TreeNode[] = [];
    this.at += 1;
    if (this.closes(125)) return { type: 'object', start, end: this.at, keys, values, isComplete: true };
    for (;;) {
      this.skipSpace();
      const keyStart = this.at;
      const key = this.input.charCodeAt(this.at) === QUOTE ? this.string() : this.broken();
      if (key === null || this.hasFailed() || !this.take(58)) {
        this.resumeAt = keyStart;
        break;
      }
      this.resumeAt = keyStart;
      const value = this.value(depth);
      if (value === null) break;
      keys.push(key);
      values.push(value);
      if (this.hasFailed()) break;
      this.resumeAt = this.at;
      if (this.closes(125)) return { type: 'object', start, end: this.at, keys, values, isComplete: true };
      if (!this.take(44)) break;
    }
    return { type: 'object', start, end: this.resumeAt, keys, values, isComplete: false };
  }

  private array(depth: number): ArrayNode | null {
    if (depth > DEEPEST) return this.tooDeep();
    const start = this.at;
    const items: TreeNode[] = [];
    this.at += 1;
    if (this.closes(93)) return { type: 'array', start, end: this.at, items, isComplete: true };
    for (;;) {
      this.skipSpace();
      this.resumeAt = this.at;
      const item = this.value(depth);
      if (item === null) break;
      items.push(item);
      if (this.hasFailed()) break;
      this.resumeAt = this.at;
      if (this.closes(93)) return { type: 'array', start, end: this.at, items, isComplete: true };
      if (!this.take(44)) break;
    }
    return { type: 'array', start, end: this.resumeAt, items, isComplete: false };
  }

  private scalar(code: number): NumberNode | LiteralNode | null {
    const start = this.at;
    if (code === 45 || (code >= 48 && code <= 57)) {
      NUMBER.lastIndex = start;
      const text = NUMBER.exec(this.input)?.[0];
      // `[4111x` is no number that something follows.
      if (text === undefined || isLetter(this.input.charCodeAt(start + text.length))) return this.broken();
      this.at += text.length;
      return { type: 'number', start, end: this.at, text, hits: [] };
    }
    const word = code === 116 ? 'true' : code === 102 ? 'false' : code === 110 ? 'null' : '';
    if (word === '' || !this.input.startsWith(word, start)) return this.broken();
    this.at += word.length;
    return { type: 'literal', start, end: this.at };
  }

  /** A string that the input ends in is kept as far as it goes, and the reading is broken behind it. */
  private string(): StringNode | null {
    const { input } = this;
    const start = this.at;
    let text = '';
    let from = start + 1;
    let isVerbatim = true;
    for (let at = from; ; at += 1) {
      const code = input.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return { type: 'string', start, end: this.at, text: text + input.slice(from, at), isVerbatim, hits: [] };
      }
      if (code === BACKSLASH) {
        isVerbatim = false;
        text += input.slice(from, at);
        const escape = this.escape(at);
        if (escape === null) return at + 6 > input.length ? this.cutOff(start, text, isVerbatim) : this.broken();
        text += escape.text;
        at += escape.length - 1;
        from = at + 1;
      } else if (Number.isNaN(code)) {
        return this.cutOff(start, text + input.slice(from), isVerbatim);
      } else if (code < 32) {
        return this.broken();
      }
    }
  }

  private escape(at: number): { text: string; length: number } | null {
    const letter = this.input[at + 1];
    if (letter === 'u') {
      HEX4.lastIndex = at + 2;
      const hex = HEX4.exec(this.input)?.[0];
      return hex === undefined ? null : { text: String.fromCharCode(Number.parseInt(hex, 16)), length: 6 };
    }
    const text = letter === undefined ? undefined : ESCAPES.get(letter);
    return text === undefined ? null : { text, length: 2 };
  }

  private cutOff(start: number, text: string, isVerbatim: boolean): StringNode {
    this.isBroken = true;
    this.at = this.input.length;
    this.resumeAt = this.at;
    return { type: 'string', start, end: this.at, text, isVerbatim, hits: [] };
  }

  private hasFailed(): boolean {
    return this.isBroken;
  }

  private broken(): null {
    this.isBroken = true;
    return null;
  }

  private tooDeep(): null {
    this.isTooDeep = true;
    this.resumeAt = this.at;
    return this.broken();
  }

  private take(code: number): boolean {
    this.skipSpace();
    if (this.input.charCodeAt(this.at) !== code) {
      this.isBroken = true;
      return false;
    }
    this.at += 1;
    return true;
  }

  private closes(code: number): boolean {
    this.skipSpace();
    if (this.input.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.input.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Hits in a string's own text, as hits in the document that the string stands in. */
export function hitsInDocument(document: string, node: StringNode | NumberNode): readonly Hit[] {
  if (node.hits.length === 0) return node.hits;
  if (node.type === 'number') return node.hits.map((hit) => ({ ...hit, start: node.start, end: node.end }));
  const offsetOf = node.isVerbatim ? (offset: number) => node.start + 1 + offset : rawOffsets(document, node);
  return node.hits.map((hit) => ({
    ...hit,
    start: offsetOf(hit.start),
    end: offsetOf(hit.end),
    quote: hit.quote === '' ? '' : JSON.stringify(hit.quote).slice(1, -1),
  }));
}

/** Answers for rising offsets only: one walk over the raw string serves all hits. */
function rawOffsets(document: string, node: StringNode): (offset: number) => number {
  let raw = node.start + 1;
  let decoded = 0;
  return (offset) => {
    while (decoded < offset) {
      if (document.charCodeAt(raw) !== BACKSLASH) raw += 1;
      else raw += document[raw + 1] === 'u' ? 6 : 2;
      decoded += 1;
    }
    return Math.min(raw, node.end);
  };
}
