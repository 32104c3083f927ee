import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { AppInfo } from '../../src/shared/contract/messages.ts';
import type { TraceId } from '../../src/shared/domain/ids.ts';
import type { RedactionPlace } from '../../src/shared/domain/redaction.ts';
import type { Stop } from '../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { describeFailure } from '../bridge/failure.ts';
import { createForwardingStore } from '../features/export/store.forwarding.ts';
import type { ForwardingStore } from '../features/export/store.forwarding.ts';
import { createImportStore } from '../features/import/store.import.ts';
import type { ImportStore } from '../features/import/store.import.ts';
import { createRedactionStore } from '../features/redaction/store.redaction.ts';
import type { RedactionSection, RedactionState, RedactionStore } from '../features/redaction/store.redaction.ts';
import { createServerLogStore } from '../features/servers/store.log.ts';
import type { ServerLogStore } from '../features/servers/store.log.ts';
import { createServersStore } from '../features/servers/store.servers.ts';
import type { ServersStore } from '../features/servers/store.servers.ts';
import { createSettingsStore } from '../features/settings/store.settings.ts';
import type { SettingsStore } from '../features/settings/store.settings.ts';
import { createTraceListStore } from '../features/traces/store.list.ts';
import type { ListState, TraceListStore } from '../features/traces/store.list.ts';
import { createOpenTraceStore } from '../features/traces/store.trace.ts';
import type { OpenTraceStore } from '../features/traces/store.trace.ts';
import { base64Of } from '../bridge/base64.ts';
import { createLayoutStore } from './store.layout.ts';
import type { LayoutStore } from './store.layout.ts';
import type { PrefsStore } from './store.prefs.ts';

/** Everything one window knows, wired together; the stores do not know each other. */
export interface Session {
  readonly bridge: Bridge;
  readonly info: StoreApi<{ readonly app: AppInfo | null }>;
  readonly list: TraceListStore;
  readonly trace: OpenTraceStore;
  readonly servers: ServersStore;
  readonly log: ServerLogStore;
  readonly redaction: RedactionStore;
  readonly settings: SettingsStore;
  readonly forwarding: ForwardingStore;
  readonly imports: ImportStore;
  readonly layout: LayoutStore;
  /** Selects a trace and shows it. */
  openTrace(traceId: TraceId): void;
  closeTrace(): void;
  /** Shows a place in a span of a trace, whichever trace is open. */
  showPlace(place: RedactionPlace, path: string): void;
  /** Goes to the page about redaction, to a part of it. */
  openRedaction(section: RedactionSection, about?: Partial<RedactionState>): void;
  setPaused(paused: boolean): void;
  /** Shows or leaves out health checks, streams and news, now and in windows to come. */
  setShowNoise(shown: boolean): void;
  /** Does something that may fail, and says so when it does. */
  attempt(action: () => Promise<unknown>): void;
  /** Plays the demo and opens the first of its calls that is seen running. */
  playDemo(): void;
  start(): Stop;
}

/** What one window knows, each in a store of its own. */
function createStores(bridge: Bridge, prefs: PrefsStore) {
  return {
    info: createStore<{ app: AppInfo | null }>(() => ({ app: null })),
    list: createTraceListStore(bridge, prefs.getState().showNoise),
    trace: createOpenTraceStore(bridge),
    servers: createServersStore(bridge),
    log: createServerLogStore(bridge),
    redaction: createRedactionStore(bridge),
    settings: createSettingsStore(bridge),
    forwarding: createForwardingStore(bridge),
    layout: createLayoutStore(),
  };
}

export function createSession(bridge: Bridge, prefs: PrefsStore): Session {
  const stores = createStores(bridge, prefs);
  const { info, list, trace, servers, log, redaction, settings, forwarding, layout } = stores;

  const openTrace = (traceId: TraceId): void => {
    list.select(traceId);
    trace.open(traceId);
  };

  const imports = createImportStore({
    api: bridge.api,
    toBase64: base64Of,
    onRead: (ids) => {
      layout.setState({ room: 'live' });
      openTrace(newestOf(ids, list.store.getState()));
    },
  });

  const attempt = (action: () => Promise<unknown>): void => {
    layout.setState({ complaint: null });
    action().catch((thrown: unknown) => {
      layout.setState({ complaint: describeFailure(thrown).message });
    });
  };

  const fetchInfo = (): void => {
    if (bridge.status.getState().phase !== 'ready') return;
    bridge.api.app.info().then(
      (app) => {
        info.setState({ app });
      },
      (thrown: unknown) => {
        layout.setState({ complaint: describeFailure(thrown).message });
      },
    );
  };

  return {
    bridge,
    ...stores,
    imports,
    openTrace,
    attempt,
    closeTrace() {
      trace.open(null);
      layout.setState({ zone: 'list' });
    },
    ...waysTo({ layout, prefs, redaction, trace }, openTrace),
    setPaused(paused) {
      list.setPaused(paused);
      trace.setPaused(paused);
    },
    setShowNoise(showNoise) {
      prefs.setState({ showNoise });
      list.setShowNoise(showNoise);
    },
    playDemo: () => {
      attempt(() => playDemo(bridge, stores, openTrace));
    },
    start() {
      fetchInfo();
      const stops = [
        bridge.status.subscribe(fetchInfo),
        list.start(),
        servers.start(),
        redaction.start(),
        settings.start(),
        forwarding.start(),
      ];
      return () => {
        for (const stop of stops) stop();
        trace.stop();
        log.close();
      };
    },
  };
}

type Ways = Pick<Session, 'showPlace' | 'openRedaction'>;
type Reached = Pick<Session, 'layout' | 'redaction' | 'trace'> & { readonly prefs: PrefsStore };

/** From room to room, to a place in it. */
function waysTo({ layout, prefs, redaction, trace }: Reached, openTrace: (traceId: TraceId) => void): Ways {
  return {
    showPlace({ traceId, spanId, direction }, path) {
      layout.setState({ room: 'live', zone: 'trace' });
      prefs.setState({ detailOpen: true });
      openTrace(traceId);
      trace.goTo(spanId, { direction, path });
    },
    openRedaction(section, about = {}) {
      redaction.store.setState({ target: null, ...about, section });
      layout.setState({ room: 'redaction', sourcesOpen: false });
    },
  };
}

/** Of traces that were just read, the newest as far as the list knows them; else that of the last file. */
function newestOf(ids: readonly [TraceId, ...TraceId[]], { live }: Pick<ListState, 'live'>): TraceId {
  return live.traces.find(({ traceId }) => ids.includes(traceId))?.traceId ?? ids.at(-1) ?? ids[0];
}

async function playDemo(
  { api }: Pick<Bridge, 'api'>,
  { list, trace, layout }: Pick<Session, 'list' | 'trace' | 'layout'>,
  openTrace: (traceId: TraceId) => void,
): Promise<void> {
  layout.setState({ demoStarting: true });
  try {
    await api.demo.play();
  } finally {
    layout.setState({ demoStarting: false });
  }
  if (trace.store.getState().traceId === null) openRunningCall(list, openTrace);
}

const DEMO_PATIENCE_MS = 10_000;

/** Opens the first tool call that is seen while it runs; gives up quietly when none is. */
function openRunningCall(list: TraceListStore, open: (traceId: TraceId) => void): void {
  const finish = (): void => {
    clearTimeout(timer);
    stop();
  };
  const look = ({ live }: Pick<ListState, 'live'>): void => {
    const running = live.traces.find((trace) => trace.status === 'pending' && trace.method === 'tools/call');
    if (running === undefined) return;
    finish();
    open(running.traceId);
  };
  const stop = list.store.subscribe(look);
  const timer = setTimeout(finish, DEMO_PATIENCE_MS);
  look(list.store.getState());
}
