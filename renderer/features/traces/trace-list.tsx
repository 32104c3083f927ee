import { ArrowUp, EyeOff } from 'lucide-react';
import { useCallback } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import type { TraceSummary } from '../../../src/shared/domain/trace.ts';
import { useSize } from '../../ui/use-size.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { NoiseBar } from './noise-bar.tsx';
import type { TraceListStore } from './store.list.ts';
import { rowId, TraceRow } from './trace-row.tsx';

export const ROW_PX = 28;
/** From this width on there is room for the eras beside the names of servers and clients. */
const ERAS_FIT_PX = 980;
/** Scrolling further down than this ends following. */
const FOLLOW_SLACK_PX = 4;

export const LIST_ELEMENT_ID = 'trace-list';

export interface TraceListProps {
  readonly list: TraceListStore;
  readonly focused: boolean;
  /** Milliseconds since 1970 at which the picture stands still; null while it moves. */
  readonly frozenAt: number | null;
  readonly onOpen: (traceId: TraceId) => void;
  readonly onFocus: () => void;
  readonly onShowNoise: (shown: boolean) => void;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
}

export function TraceList(props: TraceListProps): ReactElement {
  const { list, focused, frozenAt, onOpen, onFocus, onShowNoise, empty } = props;
  const shown = useStore(list.store, (state) => state.shown);
  const selected = useStore(list.store, (state) => state.selected);
  const follow = useStore(list.store, (state) => state.follow);
  const [sizeRef, { width }] = useSize();
  const withEras = width >= ERAS_FIT_PX;
  const renderRow = useCallback(
    (trace: TraceSummary, index: number, top: number) => (
      <TraceRow
        key={trace.traceId}
        top={top}
        trace={trace}
        index={index}
        selected={trace.traceId === selected}
        focused={focused && trace.traceId === selected}
        frozenAt={frozenAt}
        withEras={withEras}
        onOpen={onOpen}
      />
    ),
    [selected, focused, frozenAt, withEras, onOpen],
  );
  return (
    <section
      ref={sizeRef}
      aria-label="Traces"
      onFocus={onFocus}
      className={`@container relative flex h-full min-h-0 flex-col bg-page ${withEras ? 'with-eras' : ''}`}
    >
      {shown.traces.length === 0 ? null : <ListHeader />}
      {shown.traces.length === 0 ? (
        <div className="min-h-0 flex-1 overflow-auto">{empty}</div>
      ) : (
        <VirtualRows
          rows={shown.traces}
          rowHeight={ROW_PX}
          keyOf={traceKey}
          renderRow={renderRow}
          activeKey={selected}
          onInsert={follow ? 'top' : 'anchor'}
          onScrolled={(top) => {
            if (top > FOLLOW_SLACK_PX && list.store.getState().follow) list.setFollow(false);
          }}
          container={{
            id: LIST_ELEMENT_ID,
            role: 'grid',
            'aria-label': 'Traces, newest first',
            'aria-rowcount': shown.traces.length + 1,
            'aria-activedescendant': selected === null ? undefined : rowId(selected),
          }}
        />
      )}
      {follow || shown.traces.length === 0 ? null : <FollowPill list={list} />}
      <NoiseBar list={list} onShowNoise={onShowNoise} />
    </section>
  );
}

function traceKey(trace: TraceSummary): string {
  return trace.traceId;
}

function ListHeader(): ReactElement {
  return (
    <div
      aria-hidden
      className="trace-grid label h-[26px] shrink-0 items-center overflow-y-scroll border-b border-line bg-chrome px-3 [scrollbar-color:transparent_transparent]"
    >
      <div>Status</div>
      <div className="col-time">Time</div>
      <div>Call</div>
      <div className="col-server">Server</div>
      <div className="text-right">Duration</div>
      <div className="col-client">Client</div>
      <div className="flex justify-end" title="Values hidden before recording">
        <EyeOff size={12} />
      </div>
    </div>
  );
}

function FollowPill({ list }: { readonly list: TraceListStore }): ReactElement {
  return (
    <button
      type="button"
      onClick={() => {
        list.setFollow(true);
      }}
      className="absolute right-5 bottom-[38px] z-10 inline-flex h-7 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-xs font-medium text-ink-2 shadow-md hover:text-ink"
    >
      <ArrowUp size={13} aria-hidden />
      Follow newest
    </button>
  );
}
