import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { ServerLogLine } from '../../../src/shared/domain/server.ts';
import type { Stop } from '../../../src/shared/kernel/listeners.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { startPullLoop } from '../../bridge/pull-loop.ts';
import { mergeLog } from '../../model/server-log.ts';

/** A line to show first, by what another place knows of it. */
export interface LogTarget {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** Lives as long as one server's log is open; nothing is asked of the host while none is. */
export interface LogState {
  readonly serverId: ServerId | null;
  readonly lines: readonly ServerLogLine[];
  readonly loaded: boolean;
  readonly failure: string | null;
  readonly target: LogTarget | null;
  /** Another number each time something is opened. */
  readonly opening: number;
}

export interface ServerLogStore {
  readonly store: StoreApi<LogState>;
  /** Opens a server's log, at its end or at a line. */
  open(serverId: ServerId, target?: LogTarget): void;
  close(): void;
}

const CLOSED = { serverId: null, lines: [], loaded: false, failure: null, target: null } as const;

export function createServerLogStore({ api, status }: Pick<Bridge, 'api' | 'status'>): ServerLogStore {
  const store = createStore<LogState>(() => ({ ...CLOSED, opening: 0 }));
  let stopLoop: Stop | null = null;

  const close = (): void => {
    stopLoop?.();
    stopLoop = null;
    store.setState(CLOSED);
  };

  const listen = (id: ServerId): Stop => {
    let fresh = true;
    return startPullLoop({
      status,
      ask: (cursor, waitMs, signal) => {
        fresh = cursor === null;
        return api.servers.log({ id, cursor, waitMs }, { signal });
      },
      take: (answer) => {
        store.setState(({ lines }) => ({ lines: mergeLog(lines, answer, fresh), loaded: true, failure: null }));
      },
      fail: (failure) => {
        store.setState({ failure });
      },
    });
  };

  return {
    store,
    open(serverId, target) {
      const opened = { target: target ?? null, opening: store.getState().opening + 1 };
      if (serverId === store.getState().serverId) {
        store.setState(opened);
        return;
      }
      close();
      store.setState({ ...opened, serverId });
      stopLoop = listen(serverId);
    },
    close,
  };
}
