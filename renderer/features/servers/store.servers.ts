import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ServerView } from '../../../src/shared/domain/server.ts';
import type { VirtualServerView } from '../../../src/shared/domain/virtual-server.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';

/** Lives as long as the window. */
export interface ServersState {
  readonly servers: readonly ServerView[];
  readonly virtualServers: readonly VirtualServerView[];
  readonly loaded: boolean;
  readonly failure: string | null;
}

export interface ServersStore {
  readonly store: StoreApi<ServersState>;
  start(): Stop;
}

export function createServersStore({ api, status }: Pick<Bridge, 'api' | 'status'>): ServersStore {
  const store = createStore<ServersState>(() => ({ servers: [], virtualServers: [], loaded: false, failure: null }));
  return {
    store,
    start: () =>
      startPullLoop({
        status,
        ask: (cursor, waitMs, signal) => api.servers.watch({ cursor, waitMs }, { signal }),
        take: ({ servers, virtualServers }) => {
          store.setState({ servers, virtualServers, loaded: true, failure: null });
        },
        fail: (failure) => {
          store.setState({ failure });
        },
      }),
  };
}
