import { ORPCError } from '@orpc/client';
import { createStore } from 'zustand/vanilla';
import type { Api, Bridge, BridgeStatus } from '../../renderer/bridge/bridge.ts';
import type { AppInfo } from '../../src/shared/contract/messages.ts';
import type { Cursor } from '../../src/shared/domain/feed.ts';
import type { RedactedPayload } from '../../src/shared/domain/redacted.ts';
import type { ServerView } from '../../src/shared/domain/server.ts';
import type { StoreStats, TraceDetail, TraceSummary } from '../../src/shared/domain/trace.ts';

/** The bridge's twin without a host behind it: what is put in is what the page sees. */
export interface MemoryBridge extends Bridge {
  /** Adds or replaces a whole trace. */
  putTrace(trace: TraceDetail, payloads?: readonly RedactedPayload[]): void;
  setServers(servers: readonly ServerView[]): void;
  setInfo(info: Partial<AppInfo>): void;
  setStats(stats: Partial<StoreStats>): void;
  setStatus(status: BridgeStatus): void;
  /** Called by `demo.play`. */
  onDemo: () => void;
  /** Names of the operations called, oldest first. */
  readonly calls: readonly string[];
}

interface Kept {
  readonly detail: TraceDetail;
  readonly revision: number;
  readonly payloads: readonly RedactedPayload[];
}

const QUERY_KEYS = ['tool', 'server', 'client', 'method', 'status', 'dur', 'redacted', 'plugin'];

export function createMemoryBridge(): MemoryBridge {
  const status = createStore<BridgeStatus>(() => ({ phase: 'ready' }));
  const traces = new Map<string, Kept>();
  const calls: string[] = [];
  let servers: readonly ServerView[] = [];
  let serversRevision = 1;
  let revision = 1;
  let stats: Partial<StoreStats> = {};
  let waiting: (() => void)[] = [];
  let info: AppInfo = {
    version: '0.1.0',
    host: 'headless',
    canManage: true,
    origin: 'http://127.0.0.1:4318',
    mcpUrl: 'http://127.0.0.1:4318/mcp',
    tokenFile: '/home/you/.config/throughline/token',
  };

  const changed = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const untilChange = (waitMs: number, isNews: () => boolean, signal: AbortSignal | undefined): Promise<void> => {
    if (waitMs === 0 || isNews()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, waitMs);
      const wake = (): void => {
        clearTimeout(timer);
        resolve(untilChange(waitMs, isNews, signal));
      };
      waiting.push(wake);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('Stopped.'));
      });
    });
  };
  const newestFirst = (): Kept[] =>
    [...traces.values()].sort((left, right) =>
      left.detail.summary.startTime < right.detail.summary.startTime ? 1 : -1,
    );
  const statsNow = (): StoreStats => ({
    traces: traces.size,
    spans: [...traces.values()].reduce((sum, kept) => sum + kept.detail.spans.length, 0),
    bytes: 5_400_000,
    budgetBytes: 256 * 1024 * 1024,
    evictedTraces: 0,
    droppedSpans: 0,
    droppedPayloads: 0,
    ...stats,
  });

  const api = {
    app: { info: async () => info },
    traces: {
      feed: async (input: Parameters<Api['traces']['feed']>[0], options?: { signal?: AbortSignal }) => {
        calls.push('traces.feed');
        const matches = matcher(input.query);
        await untilChange(input.waitMs, () => input.cursor === null || input.cursor < revision, options?.signal);
        const since: Cursor = input.cursor ?? 0;
        const fresh = newestFirst().filter((kept) => kept.revision > since);
        const hits = fresh.filter((kept) => matches(kept.detail.summary));
        return {
          cursor: revision,
          reset: input.cursor === null,
          traces: hits.slice(0, input.limit).map((kept) => kept.detail.summary),
          removed: fresh.filter((kept) => !hits.includes(kept)).map((kept) => kept.detail.summary.traceId),
          stats: statsNow(),
        };
      },
      watch: async (input: Parameters<Api['traces']['watch']>[0], options?: { signal?: AbortSignal }) => {
        calls.push('traces.watch');
        const kept = (): Kept | undefined => traces.get(input.traceId);
        await untilChange(
          input.waitMs,
          () => input.cursor === null || (kept()?.revision ?? 0) > input.cursor,
          options?.signal,
        );
        const now = kept();
        return {
          cursor: revision,
          reset: true,
          summary: now?.detail.summary ?? null,
          spans: now?.detail.spans ?? [],
          payloads: now?.detail.payloads ?? [],
        };
      },
      payload: async (input: Parameters<Api['traces']['payload']>[0]) =>
        traces
          .get(input.traceId)
          ?.payloads.find((each) => each.spanId === input.spanId && each.direction === input.direction) ?? null,
      export: async (input: Parameters<Api['traces']['export']>[0]) => ({
        fileName: `throughline-${input.traceId.slice(0, 8)}.json`,
        mediaType: 'application/json',
        text: JSON.stringify({ resourceSpans: [] }),
      }),
      clear: async () => {
        traces.clear();
        revision += 1;
        changed();
        return null;
      },
    },
    servers: {
      watch: async (input: Parameters<Api['servers']['watch']>[0], options?: { signal?: AbortSignal }) => {
        await untilChange(input.waitMs, () => input.cursor === null || input.cursor < serversRevision, options?.signal);
        return { cursor: serversRevision, servers };
      },
      propose: async ({ id, config }: Parameters<Api['servers']['propose']>[0]) => {
        calls.push('servers.propose');
        return {
          proposalId: 'proposal-1',
          id,
          replaces: servers.some((server) => server.id === id),
          target:
            config.type === 'stdio'
              ? {
                  type: 'stdio' as const,
                  command: config.command,
                  args: config.args ?? [],
                  envNames: Object.keys(config.env ?? {}),
                  cwd: config.cwd ?? null,
                }
              : { type: 'http' as const, url: config.url, headerNames: Object.keys(config.headers ?? {}) },
        };
      },
      confirm: async () => {
        calls.push('servers.confirm');
        return null;
      },
      restart: async () => {
        calls.push('servers.restart');
        return null;
      },
      remove: async ({ id }: Parameters<Api['servers']['remove']>[0]) => {
        calls.push('servers.remove');
        twin.setServers(servers.filter((server) => server.id !== id));
        return null;
      },
    },
    demo: {
      play: async () => {
        calls.push('demo.play');
        twin.onDemo();
        return null;
      },
    },
  } satisfies Api;

  const twin: MemoryBridge = {
    api,
    status,
    calls,
    onDemo: () => undefined,
    retryNow: () => {
      status.setState({ phase: 'ready' }, true);
    },
    close: () => undefined,
    putTrace(detail, payloads) {
      revision += 1;
      const { traceId } = detail.summary;
      traces.set(traceId, { detail, revision, payloads: payloads ?? traces.get(traceId)?.payloads ?? [] });
      changed();
    },
    setServers(next) {
      servers = next;
      serversRevision += 1;
      changed();
    },
    setInfo(next) {
      info = { ...info, ...next };
    },
    setStats(next) {
      stats = next;
    },
    setStatus(next) {
      status.setState(next, true);
    },
  };
  return twin;
}

/** Enough of the query language for a page without a host; a term it does not know is refused as the host would. */
function matcher(query: string): (trace: TraceSummary) => boolean {
  const terms = query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const tests = terms.map((term) => {
    const at = term.indexOf(':');
    const key = at === -1 ? '' : term.slice(0, at);
    const value = term.slice(at + 1).replaceAll('"', '');
    if (key !== '' && !QUERY_KEYS.includes(key)) {
      throw new ORPCError('BAD_REQUEST', {
        message: `“${key}:” is not a filter. Use one of ${QUERY_KEYS.map((each) => `${each}:`).join(' ')}, or plain words.`,
      });
    }
    return (trace: TraceSummary): boolean => {
      if (key === 'server') return trace.serverIds.some((id) => id === value);
      if (key === 'client') return trace.client === value;
      if (key === 'status') return trace.status === value;
      if (key === 'method') return trace.method === value;
      if (key === 'redacted') return trace.redactionCount > 0;
      return (trace.target ?? '').includes(value);
    };
  });
  return (trace) => tests.every((test) => test(trace));
}
