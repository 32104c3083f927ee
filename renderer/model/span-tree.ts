import { millisBetween } from '../../src/shared/domain/ids.ts';
import type { SpanId, UnixNano } from '../../src/shared/domain/ids.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { GATEWAY_OWNER, ownerOf } from './owner.ts';

export interface SpanNode {
  readonly span: RedactedSpan;
  readonly depth: number;
  readonly parent: SpanNode | null;
  readonly children: readonly SpanNode[];
  /** Position among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
  /** Milliseconds after the start of the trace; `endMs` is null while the span is open. */
  readonly startMs: number;
  readonly endMs: number | null;
  /** The server or service whose colour the span wears. */
  readonly owner: string;
  readonly descendants: number;
  /** Something below failed. */
  readonly errorBelow: boolean;
}

export interface SpanTree {
  readonly roots: readonly SpanNode[];
  readonly byId: ReadonlyMap<SpanId, SpanNode>;
  readonly start: UnixNano | null;
  /** Latest end (or start, for open spans) in milliseconds after the start. */
  readonly lengthMs: number;
  readonly openSpans: number;
  readonly owners: readonly string[];
}

/** What a node is while its children are still being found. */
type Draft = { -readonly [Key in keyof SpanNode]: SpanNode[Key] } & { children: SpanNode[] };

export const EMPTY_TREE: SpanTree = {
  roots: [],
  byId: new Map(),
  start: null,
  lengthMs: 0,
  openSpans: 0,
  owners: [],
};

/**
 * The tree of a trace from its flat spans, in linear passes (plus sorting of siblings by start). A span whose parent is
 * not here is a root. A ring of parents, which only a broken sender makes, is cut at one of its spans.
 */
export function buildSpanTree(spans: readonly RedactedSpan[]): SpanTree {
  if (spans.length === 0) return EMPTY_TREE;
  const start = spans.reduce((least, span) => (span.startTime < least ? span.startTime : least), firstStart(spans));
  const drafts = new Map<SpanId, Draft>();
  for (const span of spans) drafts.set(span.spanId, draftOf(span, start));
  const roots = linkParents(drafts);
  const ordered = number(roots);
  for (const ring of drafts.values()) {
    // Not reached from any root: part of a ring. Cut it here and number what hangs below.
    if (ring.siblings !== 0) continue;
    detach(ring);
    roots.push(ring);
    ordered.push(...number([ring]));
  }
  roots.sort(byStart);
  numberSiblings(roots);
  countUpwards(ordered);
  return {
    roots,
    byId: drafts,
    start,
    lengthMs: ordered.reduce((most, node) => Math.max(most, node.endMs ?? node.startMs), 0),
    openSpans: ordered.reduce((open, node) => open + (node.endMs === null ? 1 : 0), 0),
    owners: [...new Set(ordered.map((node) => node.owner))],
  };
}

function firstStart(spans: readonly RedactedSpan[]): UnixNano {
  const [first] = spans;
  if (first === undefined) throw new Error('A tree needs a span.');
  return first.startTime;
}

function draftOf(span: RedactedSpan, start: UnixNano): Draft {
  return {
    span,
    depth: 0,
    parent: null,
    children: [],
    position: 0,
    siblings: 0,
    startMs: millisBetween(start, span.startTime),
    endMs: span.endTime === null ? null : millisBetween(start, span.endTime),
    owner: GATEWAY_OWNER,
    descendants: 0,
    errorBelow: false,
  };
}

function linkParents(drafts: ReadonlyMap<SpanId, Draft>): Draft[] {
  const roots: Draft[] = [];
  for (const draft of drafts.values()) {
    const { parentSpanId, spanId } = draft.span;
    const parent = parentSpanId === null || parentSpanId === spanId ? undefined : drafts.get(parentSpanId);
    if (parent === undefined) roots.push(draft);
    else {
      draft.parent = parent;
      parent.children.push(draft);
    }
  }
  return roots;
}

function detach(draft: Draft): void {
  const parent = draft.parent;
  draft.parent = null;
  if (parent === null) return;
  const siblings = parent.children as SpanNode[];
  siblings.splice(siblings.indexOf(draft), 1);
}

/** Gives depth, order and owner to everything below `roots`; answers it in pre-order. Iterative: depth has no limit. */
function number(roots: readonly Draft[]): Draft[] {
  const ordered: Draft[] = [];
  const stack: Draft[] = [...roots].sort(byStart).reverse();
  numberSiblings(roots);
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) break;
    node.depth = node.parent === null ? 0 : node.parent.depth + 1;
    node.owner = ownerOf(node.span, node.parent);
    ordered.push(node);
    const children = node.children as Draft[];
    children.sort(byStart);
    numberSiblings(children);
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child !== undefined) stack.push(child);
    }
  }
  return ordered;
}

function byStart(left: SpanNode, right: SpanNode): number {
  return left.startMs - right.startMs;
}

function numberSiblings(nodes: readonly Draft[]): void {
  nodes.forEach((node, index) => {
    node.position = index + 1;
    node.siblings = nodes.length;
  });
}

function countUpwards(preOrdered: readonly Draft[]): void {
  for (let index = preOrdered.length - 1; index >= 0; index -= 1) {
    const node = preOrdered[index];
    const parent = node?.parent as Draft | null | undefined;
    if (node === undefined || parent === null || parent === undefined) continue;
    parent.descendants += node.descendants + 1;
    if (node.errorBelow || isFailed(node.span)) parent.errorBelow = true;
  }
}

export function isFailed(span: RedactedSpan): boolean {
  return span.status.code === 'error';
}

/** The span shown when none was chosen: what was asked for, rather than the request that carried it. */
export function firstChoice(tree: SpanTree): SpanNode | null {
  const root = tree.roots[0] ?? null;
  const [only, ...others] = root?.children ?? [];
  return root?.span.kind === 'server' && only !== undefined && others.length === 0 ? only : root;
}
