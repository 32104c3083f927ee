import { readJson } from './json-tree.ts';
import type { TreeNode } from './json-tree.ts';
import type { Gap } from './rules/rule.ts';

/** A JSON document within a text. */
export interface Island {
  readonly start: number;
  readonly end: number;
  readonly root: TreeNode | null;
  readonly isTooDeep: boolean;
  readonly isComplete: boolean;
}

/** What is not in an island. Behind a document that is too deep nothing is: all of it is hidden. */
export function gapsBetween(islands: readonly Island[], length: number): readonly Gap[] {
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

/**
 * JSON documents within a text, broken ones as far as they can be read. With `visit` each is shown once and kept without
 * its tree: a text of a hundred thousand little documents would hold on to all of them.
 */
export function findIslands(text: string, visit?: (island: Island) => void): readonly Island[] {
  const islands: Island[] = [];
  const keep = (island: Island): void => {
    visit?.(island);
    islands.push(visit === undefined ? island : { ...island, root: null });
  };
  const quoted = quotedDocument(text);
  if (quoted !== null) {
    keep(quoted);
    return islands;
  }
  for (let at = nextOpening(text, 0); at !== -1;) {
    if (!mayBeginJson(text, at)) {
      at = nextOpening(text, at + 1);
      continue;
    }
    const reading = readJson(text, at);
    const end = Math.max(reading.end, at + 1);
    if (!isEmpty(reading.root) || reading.isTooDeep)
      keep({
        start: at,
        end,
        root: reading.root,
        isTooDeep: reading.isTooDeep,
        isComplete: reading.isComplete,
      });
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

/** Finds the document that begins at an offset. The index is made when it is first needed, which in most texts is never. */
export function lookUpIslands(islands: readonly Island[]): (start: number) => Island | undefined {
  let byStart: ReadonlyMap<number, Island> | null = null;
  return (start) => {
    byStart ??= new Map(islands.map((island) => [island.start, island]));
    return byStart.get(start);
  };
}

/** A whole text that is one JSON string: JSON that was encoded twice. */
function quotedDocument(text: string): Island | null {
  if (text.charCodeAt(0) !== 34 || text.charCodeAt(text.length - 1) !== 34) return null;
  const { root, end, isComplete } = readJson(text, 0);
  return isComplete && end === text.length ? { start: 0, end, root, isTooDeep: false, isComplete } : null;
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
