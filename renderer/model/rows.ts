import type { SpanId } from '../../src/shared/domain/ids.ts';
import { isFailed } from './span-tree.ts';
import type { SpanNode, SpanTree } from './span-tree.ts';

export interface SpanRow {
  readonly node: SpanNode;
  /** Null for a leaf. */
  readonly expanded: boolean | null;
}

/** The rows to draw, in pre-order; what is below a collapsed span is left out. Linear in the rows answered. */
export function visibleRows(tree: SpanTree, collapsed: ReadonlySet<SpanId>): readonly SpanRow[] {
  const rows: SpanRow[] = [];
  const stack: SpanNode[] = [...tree.roots].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const open = !collapsed.has(node.span.spanId);
    rows.push({ node, expanded: node.children.length === 0 ? null : open });
    if (!open) continue;
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index];
      if (child !== undefined) stack.push(child);
    }
  }
  return rows;
}

export function collapsibleIds(tree: SpanTree): ReadonlySet<SpanId> {
  const ids = new Set<SpanId>();
  for (const node of tree.byId.values()) if (node.children.length > 0) ids.add(node.span.spanId);
  return ids;
}

/** The parents of a span, outermost first. */
export function ancestorsOf(tree: SpanTree, spanId: SpanId): readonly SpanNode[] {
  const ancestors: SpanNode[] = [];
  for (let node = tree.byId.get(spanId)?.parent ?? null; node !== null; node = node.parent) ancestors.unshift(node);
  return ancestors;
}

/** The failed span after (or before) `from` in tree order, going round at the end; null when none failed. */
export function nextFailed(tree: SpanTree, from: SpanId | null, direction: 1 | -1): SpanId | null {
  const all = visibleRows(tree, new Set());
  const start = from === null ? -1 : all.findIndex((row) => row.node.span.spanId === from);
  for (let step = 1; step <= all.length; step += 1) {
    const origin = start === -1 && direction === -1 ? all.length : start;
    const row = all[(((origin + step * direction) % all.length) + all.length) % all.length];
    if (row !== undefined && isFailed(row.node.span)) return row.node.span.spanId;
  }
  return null;
}
