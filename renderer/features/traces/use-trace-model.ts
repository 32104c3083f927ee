import { useMemo } from 'react';
import { useStore } from 'zustand';
import { serverProtocols } from '../../model/era.ts';
import { buildSpanTree, firstChoice } from '../../model/span-tree.ts';
import type { SpanNode, SpanTree } from '../../model/span-tree.ts';
import { visibleRows } from '../../model/rows.ts';
import type { SpanRow } from '../../model/rows.ts';
import type { OpenTraceStore } from './store.trace.ts';

export interface TraceModel {
  readonly tree: SpanTree;
  readonly rows: readonly SpanRow[];
  /** The versions of MCP that were spoken with each server. */
  readonly protocols: ReadonlyMap<string, readonly string[]>;
  /** The chosen span, or the one to begin with. */
  readonly selected: SpanNode | null;
}

/** Tree, rows and chosen span of the open trace, computed anew only when spans or folding changed. */
export function useTraceModel(trace: OpenTraceStore): TraceModel {
  const spans = useStore(trace.store, (state) => state.shown.spans);
  const collapsed = useStore(trace.store, (state) => state.collapsed);
  const selectedSpan = useStore(trace.store, (state) => state.selectedSpan);
  const tree = useMemo(() => buildSpanTree(spans), [spans]);
  const protocols = useMemo(() => serverProtocols(tree), [tree]);
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const chosen = selectedSpan === null ? undefined : tree.byId.get(selectedSpan);
  return { tree, rows, protocols, selected: chosen ?? firstChoice(tree) };
}
