import { addHit, mergeHits } from './hits.ts';
import type { Hit } from './hits.ts';
import { hitsInDocument, readJson } from './json-tree.ts';
import type { TreeNode } from './json-tree.ts';
import { findAuthSchemes } from './rules/auth-scheme.ts';
import { findFlags } from './rules/flags.ts';
import { secretKind } from './rules/key-name.ts';
import { createKnownSecretsRule } from './rules/known-secrets.ts';
import { findLabels } from './rules/labels.ts';
import type { Gap, TextRule, TextScope } from './rules/rule.ts';
import { findParameters, findUserinfo } from './rules/url.ts';
import { markTree } from './tree-rules.ts';
import type { Above, TreeScope } from './tree-rules.ts';

/** All rules over strings and trees. Every string is read as text and, where JSON stands in it, as JSON. */
export interface Engine {
  readonly kindOfKey: (key: string) => string | null;
  /** Sorted and disjoint. `isQuery`: the text is a query string from its first character on. */
  findInText(text: string, isQuery?: boolean): readonly Hit[];
  /** Answers whether anything was marked. */
  markTree(root: TreeNode, above?: Above): boolean;
  /** Everything to hide in a text that is one JSON document, whose tree has been marked. */
  hitsOfTree(document: string, root: TreeNode): Hit[];
}

/** JSON in a string in JSON ... Deeper strings are still read as text, where labels are found behind any escapes. */
const DEEPEST_EMBEDDING = 6;

/** Every rule but the one for known values needs one of these; most strings have none and are done. */
const MAY_NEED_A_RULE = /[:=?#&{["]|--|(?:bearer|basic)[ \t]/i;

const TOO_DEEP = { rule: 'too-deep', kind: 'unread' };

const nowhere = (): undefined => undefined;

const MOST_REMEMBERED_KEYS = 2_000;
const LONGEST_REMEMBERED_KEY = 64;

export function createEngine(knownSecrets: ReadonlySet<string>): Engine {
  const findKnownSecrets = createKnownSecretsRule(knownSecrets);
  const rules: readonly TextRule[] = [
    findUserinfo,
    findParameters,
    findLabels,
    findFlags,
    findAuthSchemes,
    findKnownSecrets,
  ];
  const kindOfKey = rememberKinds();
  const scopeOf = (depth: number): TreeScope => ({ kindOfKey, findInText: (text) => findAt(depth + 1, text, false) });
  const outermost = scopeOf(0);
  const scopes = [outermost, ...Array.from({ length: DEEPEST_EMBEDDING }, (_, depth) => scopeOf(depth + 1))];

  function findAt(depth: number, text: string, isQuery: boolean): readonly Hit[] {
    const hits: Hit[] = [];
    const scope = scopes[depth];
    if (!isQuery && !MAY_NEED_A_RULE.test(text)) {
      findKnownSecrets(text, { gaps: [{ from: 0, to: text.length }], isQuery, jsonEnd: nowhere, kindOfKey }, hits);
      return mergeHits(hits);
    }
    const islands = scope === undefined ? [] : findIslands(text);
    const ends = new Map(islands.map((island) => [island.start, island.end]));
    const textScope: TextScope = {
      gaps: gapsBetween(islands, text.length),
      isQuery,
      jsonEnd: (start) => ends.get(start),
      kindOfKey,
    };
    for (const rule of rules) rule(text, textScope, hits);
    if (scope !== undefined) for (const island of islands) hideInIsland(text, island, scope, hits);
    return mergeHits(hits);
  }

  function findInText(text: string, isQuery = false): readonly Hit[] {
    return findAt(0, text, isQuery);
  }

  return {
    kindOfKey,
    findInText,
    markTree: (root, above) => markTree(root, outermost, above),
    hitsOfTree,
  };
}

interface Island {
  readonly start: number;
  readonly end: number;
  readonly root: TreeNode | null;
  readonly isTooDeep: boolean;
}

/** What is not in an island. Behind a document that is too deep nothing is: all of it is hidden. */
function gapsBetween(islands: readonly Island[], length: number): readonly Gap[] {
  const gaps: Gap[] = [];
  let from = 0;
  for (const island of islands) {
    if (from < island.start) gaps.push({ from, to: island.start });
    if (island.isTooDeep) return gaps;
    from = island.end;
  }
  if (from < length) gaps.push({ from, to: length });
  return gaps;
}

function hideInIsland(text: string, island: Island, scope: TreeScope, hits: Hit[]): void {
  if (island.root !== null && markTree(island.root, scope)) collect(text, island.root, hits);
  if (island.isTooDeep) addHit(hits, text, { start: island.end, end: text.length }, TOO_DEEP);
}

/** JSON documents within a text, broken ones as far as they can be read. */
function findIslands(text: string): readonly Island[] {
  const islands: Island[] = [];
  const quoted = quotedDocument(text);
  if (quoted !== null) return [quoted];
  for (let at = nextOpening(text, 0); at !== -1;) {
    if (!mayBeginJson(text, at)) {
      at = nextOpening(text, at + 1);
      continue;
    }
    const reading = readJson(text, at);
    const end = Math.max(reading.end, at + 1);
    if (!isEmpty(reading.root) || reading.isTooDeep)
      islands.push({ start: at, end, root: reading.root, isTooDeep: reading.isTooDeep });
    if (reading.isTooDeep) break;
    at = nextOpening(text, end);
  }
  return islands;
}

/** Nothing could be read, so nothing needs to be kept apart from the text around it. */
function isEmpty(root: TreeNode | null): boolean {
  if (root === null) return true;
  if (root.type === 'object') return !root.isComplete && root.values.length === 0;
  return root.type === 'array' && !root.isComplete && root.items.length === 0;
}

/** A whole text that is one JSON string: JSON that was encoded twice. */
function quotedDocument(text: string): Island | null {
  if (text.charCodeAt(0) !== 34 || text.charCodeAt(text.length - 1) !== 34) return null;
  const { root, end, isComplete } = readJson(text, 0);
  return isComplete && end === text.length ? { start: 0, end, root, isTooDeep: false } : null;
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 123 || code === 91) return at;
  }
  return -1;
}

const AFTER_BRACE = /\{\s{0,64}["}]/y;
const AFTER_BRACKET = /\[\s{0,64}["[{\]0-9tfn-]/y;

function mayBeginJson(text: string, at: number): boolean {
  const pattern = text.charCodeAt(at) === 123 ? AFTER_BRACE : AFTER_BRACKET;
  pattern.lastIndex = at;
  return pattern.test(text);
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

/** Keys repeat: remembering their kinds makes a known key one look-up. */
function rememberKinds(): (key: string) => string | null {
  const kinds = new Map<string, string | null>();
  return (key) => {
    const remembered = kinds.get(key);
    if (remembered !== undefined) return remembered;
    const kind = secretKind(key);
    if (key.length <= LONGEST_REMEMBERED_KEY) {
      if (kinds.size >= MOST_REMEMBERED_KEYS) kinds.clear();
      kinds.set(key, kind);
    }
    return kind;
  };
}
