import { createStore } from 'zustand/vanilla';
import type { Api, Bridge, BridgeStatus } from '../../renderer/bridge/bridge.ts';
import type { AppInfo } from '../../src/shared/contract/messages.ts';
import type { RedactedPayload } from '../../src/shared/domain/redacted.ts';
import type { ServerView } from '../../src/shared/domain/server.ts';
import type { StoreStats, TraceDetail } from '../../src/shared/domain/trace.ts';
import { createMemoryHost } from './memory-host.ts';
import type { MemoryHost } from './memory-host.ts';

/** The bridge's twin without a host behind it: what is put in is what the page sees. */
export interface MemoryBridge extends Bridge {
  /** Adds or replaces a whole trace. Without payloads it keeps those it had. */
  putTrace(trace: TraceDetail, payloads?: readonly RedactedPayload[]): void;
  setServers(servers: readonly ServerView[]): void;
  setInfo(info: Partial<AppInfo>): void;
  setStats(stats: Partial<StoreStats>): void;
  setStatus(status: BridgeStatus): void;
  /** Called by `demo.play`. */
  onDemo: () => void;
  /** Names of the operations that were called and change something, oldest first. */
  readonly calls: readonly string[];
}

export function createMemoryBridge(): MemoryBridge {
  const status = createStore<BridgeStatus>(() => ({ phase: 'ready' }));
  const host = createMemoryHost();
  const calls: string[] = [];
  const called = (name: string): Promise<null> => {
    calls.push(name);
    return Promise.resolve(null);
  };
  const twin: MemoryBridge = {
    api: {
      app: { info: () => Promise.resolve(host.info) },
      traces: tracesOf(host, called),
      servers: serversOf(host, called),
      demo: {
        play: () => {
          twin.onDemo();
          return called('demo.play');
        },
      },
    },
    status,
    calls,
    onDemo: () => undefined,
    retryNow: () => {
      status.setState({ phase: 'ready' }, true);
    },
    close: () => undefined,
    putTrace: host.putTrace,
    setServers: host.setServers,
    setInfo(next) {
      host.info = { ...host.info, ...next };
    },
    setStats(next) {
      host.stats = next;
    },
    setStatus(next) {
      status.setState(next, true);
    },
  };
  return twin;
}

type Called = (name: string) => Promise<null>;

function tracesOf(host: MemoryHost, called: Called): Api['traces'] {
  return {
    feed: (input, options) => host.feed(input, options?.signal),
    watch: (input, options) => host.watch(input, options?.signal),
    payload: ({ traceId, spanId, direction }) =>
      Promise.resolve(
        host.payloads(traceId).find((each) => each.spanId === spanId && each.direction === direction) ?? null,
      ),
    export: ({ traceId }) =>
      Promise.resolve({
        fileName: `trace-${traceId}.otlp.json`,
        mediaType: 'application/json',
        text: JSON.stringify({ resourceSpans: [] }),
      }),
    clear: () => {
      host.clear();
      return called('traces.clear');
    },
  };
}

function serversOf(host: MemoryHost, called: Called): Api['servers'] {
  return {
    watch: (input, options) => host.watchServers(input, options?.signal),
    propose: async ({ id, config }) => {
      await called('servers.propose');
      const target =
        config.type === 'stdio'
          ? {
              type: config.type,
              command: config.command,
              args: config.args ?? [],
              envNames: Object.keys(config.env ?? {}),
              cwd: config.cwd ?? null,
            }
          : { type: config.type, url: config.url, headerNames: Object.keys(config.headers ?? {}) };
      return { proposalId: 'proposal-1', id, replaces: host.servers.some((server) => server.id === id), target };
    },
    confirm: () => called('servers.confirm'),
    restart: () => called('servers.restart'),
    remove: ({ id }) => {
      host.setServers(host.servers.filter((server) => server.id !== id));
      return called('servers.remove');
    },
  };
}
