import { createStore } from 'zustand/vanilla';
import type { Api, Bridge, BridgeStatus } from '../../renderer/bridge/bridge.ts';
import type { AppInfo } from '../../src/shared/contract/messages.ts';
import type { RedactedPayload } from '../../src/shared/domain/redacted.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../src/shared/domain/settings.ts';
import type { ServerLogLine, ServerView } from '../../src/shared/domain/server.ts';
import type { VirtualServerView } from '../../src/shared/domain/virtual-server.ts';
import type { StoreStats, TraceDetail } from '../../src/shared/domain/trace.ts';
import { createMemoryHost } from './memory-host.ts';
import type { MemoryHost } from './memory-host.ts';
import { createMemoryRedaction } from './memory-redaction.ts';
import type { MemoryRedaction } from './memory-redaction.ts';

/** The bridge's twin without a host behind it: what is put in is what the page sees. */
export interface MemoryBridge extends Bridge {
  /** Adds or replaces a whole trace. Without payloads it keeps those it had. */
  putTrace(trace: TraceDetail, payloads?: readonly RedactedPayload[]): void;
  setServers(servers: readonly ServerView[]): void;
  setVirtualServers(virtualServers: readonly VirtualServerView[]): void;
  /** What a server prints from now on is added to its log. */
  print(id: ServerId, lines: readonly Omit<ServerLogLine, 'number'>[]): void;
  setInfo(info: Partial<AppInfo>): void;
  setStats(stats: Partial<StoreStats>): void;
  setStatus(status: BridgeStatus): void;
  readonly redaction: MemoryRedaction;
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
  const redaction = createMemoryRedaction(() => host.info.canManage, called);
  const twin: MemoryBridge = {
    api: {
      app: { info: () => Promise.resolve(host.info) },
      traces: tracesOf(host, called),
      servers: serversOf(host, called),
      virtualServers: virtualServersOf(host, called),
      redaction: redaction.api,
      ...desksOf(called),
      demo: {
        play: () => {
          twin.onDemo();
          return called('demo.play');
        },
      },
    },
    status,
    calls,
    redaction,
    onDemo: () => undefined,
    retryNow: () => {
      status.setState({ phase: 'ready' }, true);
    },
    close: () => undefined,
    putTrace: host.putTrace,
    setServers: host.setServers,
    setVirtualServers: host.setVirtualServers,
    print: host.print,
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

function desksOf(called: Called): Pick<Api, 'settings' | 'forwarding'> {
  const receiver = { acceptedSpans: 0, rejectedSpans: 0, requests: 0, refusedRequests: 0, services: [] };
  const settings = { cursor: 1, settings: DEFAULT_TRACING_SETTINGS, fixed: {}, historyFile: null, receiver };
  return {
    settings: { watch: () => Promise.resolve(settings), save: () => called('settings.save') },
    forwarding: {
      watch: () => Promise.resolve({ cursor: 1, endpoints: [] }),
      save: () => called('forwarding.save'),
      remove: () => called('forwarding.remove'),
      preview: ({ endpoint }) =>
        Promise.resolve({
          url: endpoint.url,
          headerNames: Object.keys(endpoint.headers),
          matching: 0,
          stored: 0,
          sample: null,
        }),
      try: () => Promise.resolve({ isOk: true, sentence: 'It answered.' }),
    },
  };
}

function tracesOf(host: MemoryHost, called: Called): Api['traces'] {
  return {
    feed: (input, options) => host.feed(input, options?.signal),
    watch: (input, options) => host.watch(input, options?.signal),
    payload: ({ traceId, spanId, direction }) =>
      Promise.resolve(
        host.payloads(traceId).find((each) => each.spanId === spanId && each.direction === direction) ?? null,
      ),
    export: ({ selection }) =>
      Promise.resolve({
        fileName: 'traceIds' in selection ? `trace-${selection.traceIds[0] ?? ''}.otlp.json` : 'traces.otlp.json',
        mediaType: 'application/json',
        base64: btoa(JSON.stringify({ resourceSpans: [] })),
        traces: 1,
      }),
    import: async ({ fileName }) => {
      await called('traces.import');
      const counts = { traces: 0, spans: 0, payloads: 0, skipped: 0 };
      return { fileName, format: 'OTLP JSON', ...counts, problems: [], newestTraceId: null };
    },
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
    restart: ({ id }) => {
      change(host, id, { state: 'connected', failure: null, retryAt: null });
      return called('servers.restart');
    },
    stop: ({ id }) => {
      change(host, id, { state: 'stopped', failure: null, retryAt: null, pid: null });
      return called('servers.stop');
    },
    log: (input, options) => host.log(input, options?.signal),
    remove: ({ id }) => {
      host.setServers(host.servers.filter((server) => server.id !== id));
      return called('servers.remove');
    },
  };
}

function change(host: MemoryHost, id: ServerId, changed: Partial<ServerView>): void {
  host.setServers(host.servers.map((server) => (server.id === id ? { ...server, ...changed } : server)));
}

function virtualServersOf(host: MemoryHost, called: Called): Api['virtualServers'] {
  return {
    save: ({ id, description, members }) => {
      const count = (kind: 'tools' | 'prompts' | 'resources'): number =>
        members.reduce((sum, member) => {
          const server = host.servers.find((each) => each.id === member.serverId);
          return sum + (member[kind] === 'all' ? (server?.[kind].length ?? 0) : member[kind].length);
        }, 0);
      const counts = { tools: count('tools'), prompts: count('prompts'), resources: count('resources') };
      const others = host.virtualServers.filter((each) => each.id !== id);
      host.setVirtualServers([...others, { id, description, members, ...counts }]);
      return called('virtualServers.save');
    },
    remove: ({ id }) => {
      host.setVirtualServers(host.virtualServers.filter((each) => each.id !== id));
      return called('virtualServers.remove');
    },
  };
}
