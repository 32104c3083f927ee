import { MASK } from './forms.ts';
import { addHit, mergeHits } from './hits.ts';
import type { Hit } from './hits.ts';
import { findIslands, lookUpIslands, gapsBetween } from './islands.ts';
import type { Island } from './islands.ts';
import { hitsInDocument } from './json-tree.ts';
import type { TreeNode } from './json-tree.ts';
import type { RuleBook } from './policy/rule-book.ts';
import { YOURS } from './rules/names.ts';
import type { Names } from './rules/names.ts';
import type { Gap, TextScope } from './rules/rule.ts';
import { markTree } from './tree-rules.ts';
import type { Above, TreeScope } from './tree-rules.ts';

/** All rules over strings and trees. Every string is read as text and, where JSON stands in it, as JSON. */
export interface Engine {
  readonly names: Names;
  /** Sorted and disjoint. `isQuery`: the text is a query string from its first character on. */
  findInText(text: string, isQuery?: boolean): readonly Hit[];
  /** The same, with what overlaps: what each rule by itself finds. */
  findEach(text: string): readonly Hit[];
  /** Answers whether anything was marked. */
  markTree(root: TreeNode, above?: Above): boolean;
  /** Everything to hide in a text that is one JSON document, whose tree has been marked. */
  hitsOfTree(document: string, root: TreeNode): Hit[];
}

/** JSON in a string in JSON ... Deeper strings are still read as text, where labels are found behind any escapes. */
const DEEPEST_EMBEDDING = 6;

/** Rules for what stands behind a name or a mark need one of these; most strings have none. */
const MAY_NEED_A_NAMING_RULE = /[:=?#&{["]|--|<\/|(?:bearer|basic)[ \t]|PASSWORD\s|IDENTIFIED BY|define\(/i;

const TOO_DEEP = { rule: 'too-deep', kind: 'unread' };

const nowhere = (): undefined => undefined;

const NO_HITS: readonly Hit[] = [];

/** Of any text: most strings are short, and hold nothing. */
const WHOLE: readonly Gap[] = [{ from: 0, to: Number.MAX_SAFE_INTEGER }];

export interface EngineOptions {
  readonly readsTwice?: boolean;
  /** Tells quickly of most strings that no rule finds anything in them. */
  readonly isClear?: (text: string) => boolean;
}

const never = (): boolean => false;

/**
 * `readsTwice`: what is read has been redacted and perhaps cut before. A pair whose name is missing is then not taken for
 * a secret, because it was looked at when its name was there.
 */
export function createEngine(book: RuleBook, { readsTwice = false, isClear = never }: EngineOptions = {}): Engine {
  const { paths } = book;
  const names = readsTwice ? withoutMaskedNames(book.names) : book.names;
  const scopeOf = (depth: number): TreeScope => ({
    names,
    paths,
    shortestNumber: book.shortestNumber,
    hidesUnnamed: !readsTwice,
    findInText: (text) => findAt(depth + 1, text, false),
    finish: book.dress,
  });
  const outermost = scopeOf(0);
  const scopes = [outermost, ...Array.from({ length: DEEPEST_EMBEDDING }, (_, depth) => scopeOf(depth + 1))];

  const plain: TextScope = { gaps: WHOLE, isQuery: false, jsonAt: nowhere, names, isReadTwice: readsTwice };

  function findAt(depth: number, text: string, isQuery: boolean): readonly Hit[] {
    return mergeHits(collectAt(depth, text, isQuery));
  }

  function collectAt(depth: number, text: string, isQuery: boolean): readonly Hit[] {
    if (!isQuery && isClear(text)) return NO_HITS;
    const hits: Hit[] = [];
    const scope = scopes[depth];
    if (!isQuery && !MAY_NEED_A_NAMING_RULE.test(text)) {
      for (const rule of book.valueRules) rule(text, plain, hits);
      return hits.length === 0 ? NO_HITS : book.dress(hits);
    }
    const inside: Hit[] = [];
    const islands =
      scope === undefined
        ? []
        : findIslands(text, (island) => {
            hideInIsland(text, island, scope, inside);
          });
    const textScope: TextScope = {
      gaps: gapsBetween(islands, text.length),
      isQuery,
      jsonAt: lookUpIslands(islands),
      names,
      isReadTwice: readsTwice,
    };
    for (const rule of book.namingRules) rule(text, textScope, hits);
    if (readsTwice) removeHidden(text, hits);
    for (const rule of book.valueRules) rule(text, textScope, hits);
    book.dress(hits);
    // What is found in a document has been dressed there, and perhaps been merged since.
    for (const hit of inside) hits.push(hit);
    return hits;
  }

  return {
    names,
    findInText: (text, isQuery = false) => findAt(0, text, isQuery),
    findEach: (text) => collectAt(0, text, false),
    markTree: (root, above) => markTree(root, outermost, above),
    hitsOfTree,
  };
}

/** What a name with a mask in it announces was decided when it had none. */
function withoutMaskedNames(names: Names): Names {
  return {
    key: (name) => (name.includes(MASK) ? null : names.key(name)),
    parameter: (name) => (name.includes(MASK) ? null : names.parameter(name)),
    header: (name) => (name.includes(MASK) ? null : names.header(name)),
  };
}

/** A value that begins with a mask was hidden as far as it goes, by the rules that are built in. */
function removeHidden(text: string, hits: Hit[]): void {
  const left = hits.filter((hit) => hit.kind === YOURS || !text.startsWith(MASK, hit.start));
  hits.splice(0, hits.length, ...left);
}

function hideInIsland(text: string, island: Island, scope: TreeScope, hits: Hit[]): void {
  if (island.root !== null && markTree(island.root, scope)) collect(text, island.root, hits);
  if (island.isTooDeep) addHit(hits, text, { start: island.end, end: text.length }, TOO_DEEP);
}

function hitsOfTree(document: string, root: TreeNode): Hit[] {
  const hits: Hit[] = [];
  collect(document, root, hits);
  return hits;
}

function collect(document: string, node: TreeNode, hits: Hit[]): void {
  if (node.type === 'object') {
    for (const [index, key] of node.keys.entries()) {
      for (const hit of hitsInDocument(document, key)) hits.push(hit);
      const value = node.values[index];
      if (value !== undefined) collect(document, value, hits);
    }
  } else if (node.type === 'array') {
    for (const item of node.items) collect(document, item, hits);
  } else if (node.type !== 'literal') {
    for (const hit of hitsInDocument(document, node)) hits.push(hit);
  }
}
