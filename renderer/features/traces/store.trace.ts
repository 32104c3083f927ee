import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SpanId, TraceId } from '../../../src/shared/domain/ids.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';
import { EMPTY_TRACE, mergeWatch } from '../../model/feed-merge.ts';
import type { TracePicture } from '../../model/feed-merge.ts';

export type DetailTab = 'overview' | 'payload' | 'events' | 'log' | 'raw';

/** Lives as long as one open trace, but for the tab, which stays chosen. */
export interface TraceState {
  readonly traceId: TraceId | null;
  readonly live: TracePicture;
  readonly shown: TracePicture;
  readonly paused: boolean;
  readonly collapsed: ReadonlySet<SpanId>;
  /** Null stands for the root. */
  readonly selectedSpan: SpanId | null;
  readonly tab: DetailTab;
  readonly failure: string | null;
}

export interface OpenTraceStore {
  readonly store: StoreApi<TraceState>;
  /** Null closes. */
  open(traceId: TraceId | null): void;
  selectSpan(spanId: SpanId): void;
  setCollapsed(collapsed: ReadonlySet<SpanId>): void;
  setTab(tab: DetailTab): void;
  setPaused(paused: boolean): void;
  stop(): void;
}

const CLOSED = {
  traceId: null,
  live: EMPTY_TRACE,
  shown: EMPTY_TRACE,
  collapsed: new Set<SpanId>(),
  selectedSpan: null,
  failure: null,
};

export function createOpenTraceStore({ api, status }: Pick<Bridge, 'api' | 'status'>): OpenTraceStore {
  const store = createStore<TraceState>(() => ({ ...CLOSED, paused: false, tab: 'overview' }));
  let stopLoop: Stop | null = null;

  const stop = (): void => {
    stopLoop?.();
    stopLoop = null;
  };

  return {
    store,
    open(traceId) {
      if (traceId === store.getState().traceId) return;
      stop();
      store.setState({ ...CLOSED, traceId });
      if (traceId === null) return;
      stopLoop = startPullLoop({
        status,
        ask: (cursor, waitMs, signal) => api.traces.watch({ traceId, cursor, waitMs }, { signal }),
        take: (watch) => {
          store.setState((state) => {
            const live = mergeWatch(state.live, watch);
            return { live, failure: null, shown: state.paused && state.shown.loaded ? state.shown : live };
          });
        },
        fail: (failure) => {
          store.setState({ failure });
        },
      });
    },
    selectSpan(selectedSpan) {
      store.setState({ selectedSpan });
    },
    setCollapsed(collapsed) {
      store.setState({ collapsed });
    },
    setTab(tab) {
      store.setState({ tab });
    },
    setPaused(paused) {
      store.setState((state) => (paused ? { paused } : { paused, shown: state.live }));
    },
    stop,
  };
}
