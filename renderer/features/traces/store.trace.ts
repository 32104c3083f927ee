import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SpanId, TraceId } from '../../../src/shared/domain/ids.ts';
import type { PayloadDirection } from '../../../src/shared/domain/redacted.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';
import { placeTab } from '../../model/finding-path.ts';
import { EMPTY_TRACE, mergeWatch } from '../../model/feed-merge.ts';
import type { TracePicture } from '../../model/feed-merge.ts';

export type DetailTab = 'overview' | 'payload' | 'redaction' | 'events' | 'log' | 'raw';

/** A place in a span to be brought into view; another object each time. */
export interface DetailTarget {
  /** Null: on the span itself. */
  readonly direction: PayloadDirection | null;
  readonly path: string;
}

/** A value that somebody wonders about, and the name it stands under. */
export interface HiddenQuestion {
  readonly key: string;
  readonly value: string;
}

/** Lives as long as one open trace, but for the tab and the direction, which stay chosen. */
export interface TraceState {
  readonly traceId: TraceId | null;
  readonly live: TracePicture;
  readonly shown: TracePicture;
  readonly paused: boolean;
  readonly collapsed: ReadonlySet<SpanId>;
  /** Null stands for the root. */
  readonly selectedSpan: SpanId | null;
  readonly tab: DetailTab;
  /** Which body the payload tab shows, where a span has both. */
  readonly direction: PayloadDirection;
  readonly target: DetailTarget | null;
  readonly question: HiddenQuestion | null;
  readonly failure: string | null;
}

export interface OpenTraceStore {
  readonly store: StoreApi<TraceState>;
  /** Null closes. */
  open(traceId: TraceId | null): void;
  selectSpan(spanId: SpanId): void;
  setCollapsed(collapsed: ReadonlySet<SpanId>): void;
  setTab(tab: DetailTab): void;
  setDirection(direction: PayloadDirection): void;
  /** Chooses the span and shows the place in it. */
  goTo(spanId: SpanId, target: DetailTarget): void;
  /** Asks why a value of the chosen span was not hidden. */
  ask(question: HiddenQuestion): void;
  setPaused(paused: boolean): void;
  stop(): void;
}

const CLOSED = {
  traceId: null,
  live: EMPTY_TRACE,
  shown: EMPTY_TRACE,
  collapsed: new Set<SpanId>(),
  selectedSpan: null,
  target: null,
  question: null,
  failure: null,
};

export function createOpenTraceStore({ api, status }: Pick<Bridge, 'api' | 'status'>): OpenTraceStore {
  const store = createStore<TraceState>(() => ({
    ...CLOSED,
    paused: false,
    tab: 'overview',
    direction: 'request',
  }));
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
      store.setState({ selectedSpan, target: null, question: null });
    },
    setCollapsed(collapsed) {
      store.setState({ collapsed });
    },
    setTab(tab) {
      store.setState({ tab, target: null });
    },
    setDirection(direction) {
      store.setState({ direction, target: null });
    },
    goTo(selectedSpan, target) {
      const { direction, path } = target;
      const tab = placeTab(direction, path);
      store.setState((state) => ({ selectedSpan, tab, target, direction: direction ?? state.direction }));
    },
    ask(question) {
      store.setState({ tab: 'redaction', question });
    },
    setPaused(paused) {
      store.setState((state) => (paused ? { paused } : { paused, shown: state.live }));
    },
    stop,
  };
}
