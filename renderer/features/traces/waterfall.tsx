import { useCallback } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { SpanId } from '../../../src/shared/domain/ids.ts';
import type { SpanRow } from '../../model/rows.ts';
import { useSize } from '../../ui/use-size.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { AxisLines, Ruler } from './ruler.tsx';
import type { OpenTraceStore } from './store.trace.ts';
import { useTimeDomain } from './use-time-domain.ts';
import type { TraceModel } from './use-trace-model.ts';
import { WaitBands } from './wait-bands.tsx';
import { DURATION_PX, spanRowId, WaterfallRow } from './waterfall-row.tsx';

const ROW_PX = 28;
const MIN_NAME_PX = 120;
const AUTO_NAME_SHARE = 0.42;
const MAX_AUTO_NAME_PX = 520;
const MIN_AXIS_PX = 60;
const SCROLLBAR_PX = 11;
const NO_TIME = unixNano(0n);

export const TREE_ELEMENT_ID = 'span-tree';

export interface WaterfallProps {
  readonly trace: OpenTraceStore;
  readonly model: TraceModel;
  readonly focused: boolean;
  readonly frozenAt: number | null;
  /** Null leaves it to the width. */
  readonly nameShare: number | null;
  readonly onNameShare: (share: number) => void;
  readonly onFocus: () => void;
}

export function Waterfall(props: WaterfallProps): ReactElement {
  const { trace, model, focused, frozenAt, nameShare, onNameShare, onFocus } = props;
  const { tree, rows, selected, attempts, waits } = model;
  const [sizeRef, size] = useSize();
  const collapsed = useStore(trace.store, (state) => state.collapsed);
  const domainMs = Math.max(useTimeDomain(tree, frozenAt), 0.01);
  const totalPx = Math.max(0, size.width - SCROLLBAR_PX);
  const wantedPx = nameShare === null ? Math.min(totalPx * AUTO_NAME_SHARE, MAX_AUTO_NAME_PX) : totalPx * nameShare;
  const mostPx = Math.max(MIN_NAME_PX, totalPx - DURATION_PX - MIN_AXIS_PX);
  const namePx = Math.round(Math.min(Math.max(wantedPx, MIN_NAME_PX), mostPx));
  const axisPx = Math.max(0, totalPx - namePx - DURATION_PX);
  const selectedId = selected?.span.spanId ?? null;
  const onSelect = useCallback(
    (spanId: SpanId) => {
      trace.selectSpan(spanId);
    },
    [trace],
  );
  const onToggle = useCallback(
    (spanId: SpanId) => {
      const next = new Set(collapsed);
      if (!next.delete(spanId)) next.add(spanId);
      trace.setCollapsed(next);
    },
    [trace, collapsed],
  );
  const renderRow = useCallback(
    (row: SpanRow, index: number, top: number) => (
      <WaterfallRow
        key={row.node.span.spanId}
        top={top}
        row={row}
        index={index}
        attempt={attempts.get(row.node.span.spanId)}
        namePx={namePx}
        axisPx={axisPx}
        domainMs={domainMs}
        traceStart={tree.start ?? NO_TIME}
        frozenAt={frozenAt}
        selected={row.node.span.spanId === selectedId}
        focused={focused && row.node.span.spanId === selectedId}
        onSelect={onSelect}
        onToggle={onToggle}
      />
    ),
    [namePx, axisPx, domainMs, attempts, tree.start, frozenAt, selectedId, focused, onSelect, onToggle],
  );
  return (
    <div ref={sizeRef} onFocus={onFocus} className="flex h-full min-h-0 flex-col">
      <Ruler namePx={namePx} totalPx={totalPx} domainMs={domainMs} axisPx={axisPx} onNameShare={onNameShare} />
      <VirtualRows
        rows={rows}
        rowHeight={ROW_PX}
        keyOf={rowKey}
        renderRow={renderRow}
        activeKey={selectedId}
        onInsert="anchor"
        backdrop={
          <>
            <WaitBands
              waits={waits}
              traceStart={tree.start ?? NO_TIME}
              frozenAt={frozenAt}
              leftPx={namePx + DURATION_PX}
              axisPx={axisPx}
              domainMs={domainMs}
            />
            <AxisLines leftPx={namePx + DURATION_PX} axisPx={axisPx} domainMs={domainMs} />
          </>
        }
        container={{
          id: TREE_ELEMENT_ID,
          role: 'treegrid',
          'aria-label': 'Spans of this trace',
          'aria-rowcount': rows.length + 1,
          'aria-activedescendant': selectedId === null ? undefined : spanRowId(selectedId),
        }}
      />
    </div>
  );
}

function rowKey(row: SpanRow): string {
  return row.node.span.spanId;
}
