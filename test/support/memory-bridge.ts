import { ORPCError } from '@orpc/client';
import { createStore } from 'zustand/vanilla';
import type { Api, Bridge, BridgeStatus } from '../../renderer/bridge/bridge.ts';
import type { AppInfo } from '../../src/shared/contract/messages.ts';
import type { RedactedPayload } from '../../src/shared/domain/redacted.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import type { ServerLogLine, ServerView } from '../../src/shared/domain/server.ts';
import type { VirtualServerView } from '../../src/shared/domain/virtual-server.ts';
import type { StoreStats, TraceDetail } from '../../src/shared/domain/trace.ts';
import { createMemoryFiles } from './memory-files.ts';
import type { MemoryFiles } from './memory-files.ts';
import { createMemoryForwarding } from './memory-forwarding.ts';
import type { MemoryForwarding } from './memory-forwarding.ts';
import { createMemoryHost } from './memory-host.ts';
import type { MemoryHost } from './memory-host.ts';
import { createMemoryRedaction } from './memory-redaction.ts';
import type { MemoryRedaction } from './memory-redaction.ts';
import { createMemorySettings } from './memory-settings.ts';
import type { MemorySettings } from './memory-settings.ts';

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
  readonly settings: MemorySettings;
  readonly forwarding: MemoryForwarding;
  readonly files: MemoryFiles;
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
  const mustManage = (): void => {
    if (!host.info.canManage) throw new ORPCError('FORBIDDEN', { message: 'This page may only look.' });
  };
  const redaction = createMemoryRedaction(() => host.info.canManage, called);
  const settings = createMemorySettings(mustManage, called);
  const forwarding = createMemoryForwarding(mustManage, called);
  const files = createMemoryFiles(mustManage, called);
  const twin: MemoryBridge = {
    api: {
      app: { info: () => Promise.resolve(host.info) },
      traces: { ...tracesOf(host, called), ...files.api },
      servers: serversOf(host, called),
      virtualServers: virtualServersOf(host, called),
      redaction: redaction.api,
      settings: settings.api,
      forwarding: forwarding.api,
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
    settings,
    forwarding,
    files,
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

function tracesOf(host: MemoryHost, called: Called): Omit<Api['traces'], 'export' | 'import'> {
  return {
    feed: (input, options) => host.feed(input, options?.signal),
    watch: (input, options) => host.watch(input, options?.signal),
    payload: ({ traceId, spanId, direction }) =>
      Promise.resolve(
        host.payloads(traceId).find((each) => each.spanId === spanId && each.direction === direction) ?? null,
      ),
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
