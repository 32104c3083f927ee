import { useMemo } from 'react';
import { useStore } from 'zustand';
import { buildSpanTree, firstChoice } from '../../model/span-tree.ts';
import type { SpanNode, SpanTree } from '../../model/span-tree.ts';
import { visibleRows } from '../../model/rows.ts';
import type { SpanRow } from '../../model/rows.ts';
import type { OpenTraceStore } from './store.trace.ts';

export interface TraceModel {
  readonly tree: SpanTree;
  readonly rows: readonly SpanRow[];
  /** The chosen span, or the one to begin with. */
  readonly selected: SpanNode | null;
}

/** Tree, rows and chosen span of the open trace, computed anew only when spans or folding changed. */
export function useTraceModel(trace: OpenTraceStore): TraceModel {
  const spans = useStore(trace.store, (state) => state.shown.spans);
  const collapsed = useStore(trace.store, (state) => state.collapsed);
  const selectedSpan = useStore(trace.store, (state) => state.selectedSpan);
  const tree = useMemo(() => buildSpanTree(spans), [spans]);
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const chosen = selectedSpan === null ? undefined : tree.byId.get(selectedSpan);
  return { tree, rows, selected: chosen ?? firstChoice(tree) };
}
