import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { SpanId } from '../../../src/shared/domain/ids.ts';
import { attemptNumbers } from '../../model/attempts.ts';
import { largestSkew } from '../../model/clock-skew.ts';
import { serverProtocols } from '../../model/era.ts';
import { inputWaits } from '../../model/input-wait.ts';
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
  /** Which requests are later attempts of an operation, and the how-manieth. */
  readonly attempts: ReadonlyMap<SpanId, number>;
  /** By how much clocks differ at most, in milliseconds; 0 where nothing says that they do. */
  readonly skewMs: number;
  /** The spans in which a client was waited for. */
  readonly waits: readonly SpanNode[];
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
  const attempts = useMemo(() => attemptNumbers(tree), [tree]);
  const waits = useMemo(() => inputWaits(tree), [tree]);
  const skewMs = useMemo(() => largestSkew(tree), [tree]);
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const chosen = selectedSpan === null ? undefined : tree.byId.get(selectedSpan);
  return { tree, rows, protocols, attempts, skewMs, waits, selected: chosen ?? firstChoice(tree) };
}
