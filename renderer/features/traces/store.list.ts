import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';
import { seenClients, tracesPerServer } from '../../model/clients.ts';
import type { SeenClient } from '../../model/clients.ts';
import { askedQuery } from '../../model/upkeep.ts';
import { countNew, EMPTY_LIST, mergeFeed } from '../../model/feed-merge.ts';
import type { ListPicture } from '../../model/feed-merge.ts';

const SNAPSHOT_LIMIT = 2_000;
/** The filter is asked this long after the last key, in milliseconds. */
const SETTLE_MS = 180;

/** Who was seen, over all kept traces: a filter must not make a client vanish from the sources. */
export interface Census {
  readonly clients: readonly SeenClient[];
  readonly perServer: ReadonlyMap<string, number>;
}

/** Lives as long as the window. */
export interface ListState {
  readonly live: ListPicture;
  /** What is drawn: the live picture, or the one of the moment of pausing. */
  readonly shown: ListPicture;
  readonly census: Census;
  /** Milliseconds since 1970 at which the picture was frozen; null while live. */
  readonly pausedAt: number | null;
  readonly newWhilePaused: number;
  readonly follow: boolean;
  /** False leaves out health checks, streams and news. */
  readonly showNoise: boolean;
  /** What stands in the filter box; asked a moment after the last key. */
  readonly typed: string;
  readonly query: string;
  /** What the host found wrong with the query, in words. */
  readonly queryError: string | null;
  readonly selected: TraceId | null;
}

export interface TraceListStore {
  readonly store: StoreApi<ListState>;
  /** Asks at once. */
  setQuery(query: string): void;
  /** Asks when typing has paused. */
  typeQuery(text: string): void;
  select(traceId: TraceId | null): void;
  setPaused(paused: boolean): void;
  setFollow(follow: boolean): void;
  setShowNoise(showNoise: boolean): void;
  start(): Stop;
}

export function createTraceListStore(
  { api, status }: Pick<Bridge, 'api' | 'status'>,
  showNoise = false,
): TraceListStore {
  const store = createStore<ListState>(() => ({
    live: EMPTY_LIST,
    shown: EMPTY_LIST,
    census: { clients: [], perServer: new Map() },
    pausedAt: null,
    newWhilePaused: 0,
    follow: true,
    showNoise,
    typed: '',
    query: '',
    queryError: null,
    selected: null,
  }));
  let stopLoop: Stop | null = null;
  let settling: ReturnType<typeof setTimeout> | undefined;

  const listen = (): void => {
    stopLoop?.();
    const state = store.getState();
    const query = askedQuery(state.query, state.showNoise);
    stopLoop = startPullLoop({
      status,
      ask: (cursor, waitMs, signal) => api.traces.feed({ cursor, query, limit: SNAPSHOT_LIMIT, waitMs }, { signal }),
      take: (feed) => {
        store.setState((state) => withLive(state, mergeFeed(state.live, feed), feed.reset));
      },
      fail: (queryError) => {
        store.setState({ queryError });
      },
    });
  };

  const setQuery = (text: string): void => {
    clearTimeout(settling);
    const query = text.trim();
    const changed = query !== store.getState().query;
    store.setState({ typed: text, ...(changed ? { query, queryError: null } : {}) });
    if (changed && stopLoop !== null) listen();
  };

  return {
    store,
    setQuery,
    typeQuery(typed) {
      store.setState({ typed });
      clearTimeout(settling);
      settling = setTimeout(setQuery, SETTLE_MS, typed);
    },
    select(selected) {
      store.setState({ selected });
    },
    setPaused(paused) {
      store.setState((state) =>
        paused ? { pausedAt: state.pausedAt ?? Date.now() } : { pausedAt: null, newWhilePaused: 0, shown: state.live },
      );
    },
    setFollow(follow) {
      store.setState({ follow });
    },
    setShowNoise(next) {
      if (next === store.getState().showNoise) return;
      store.setState({ showNoise: next });
      if (stopLoop !== null) listen();
    },
    start() {
      listen();
      return () => {
        clearTimeout(settling);
        stopLoop?.();
        stopLoop = null;
      };
    },
  };
}

/** How many kept traces are left out as noise; null where a filter or the list's own length hides others as well. */
export function hiddenNoise({ live, query, showNoise }: ListState): number | null {
  if (showNoise || query !== '' || live.stats === null || live.traces.length >= SNAPSHOT_LIMIT) return null;
  return Math.max(0, live.stats.traces - live.traces.length);
}

/** How many traces are listed where older ones are kept that are not; null where the list has all there are. */
export function listedOfMore({ shown }: ListState): number | null {
  return shown.traces.length >= SNAPSHOT_LIMIT ? shown.traces.length : null;
}

function withLive(state: ListState, live: ListPicture, reset: boolean): Partial<ListState> {
  const census =
    state.query === '' && live.traces !== state.live.traces
      ? { clients: seenClients(live.traces), perServer: tracesPerServer(live.traces) }
      : state.census;
  // A new question (or a new connection) is answered even while paused: only what comes by itself is held back.
  const frozen = state.pausedAt !== null && state.shown.loaded && !reset;
  const shown = frozen ? { ...state.shown, stats: live.stats } : live;
  return { live, shown, census, queryError: null, newWhilePaused: frozen ? countNew(live, shown) : 0 };
}
