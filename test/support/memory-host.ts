import { ORPCError } from '@orpc/client';
import type { AppInfo, ServerFeed, ServerLog } from '../../src/shared/contract/messages.ts';
import type {
  Cursor,
  TraceFeed,
  TraceFeedRequest,
  TraceWatch,
  TraceWatchRequest,
} from '../../src/shared/domain/feed.ts';
import type { ServerId, TraceId } from '../../src/shared/domain/ids.ts';
import type { RedactedPayload } from '../../src/shared/domain/redacted.ts';
import type { ServerLogLine, ServerView } from '../../src/shared/domain/server.ts';
import type { VirtualServerView } from '../../src/shared/domain/virtual-server.ts';
import type { StoreStats, TraceDetail } from '../../src/shared/domain/trace.ts';
import { createChanges } from './memory-changes.ts';

/** What a host knows, kept in plain variables, with its long polls. */
export interface MemoryHost {
  info: AppInfo;
  stats: Partial<StoreStats>;
  readonly servers: readonly ServerView[];
  readonly virtualServers: readonly VirtualServerView[];
  putTrace(detail: TraceDetail, payloads?: readonly RedactedPayload[]): void;
  setServers(servers: readonly ServerView[]): void;
  setVirtualServers(virtualServers: readonly VirtualServerView[]): void;
  /** Adds lines to what a server printed; keeps the newest `MAX_LOG_LINES`. */
  print(id: ServerId, lines: readonly Omit<ServerLogLine, 'number'>[]): void;
  payloads(traceId: TraceId): readonly RedactedPayload[];
  clear(): void;
  feed(request: TraceFeedRequest, signal?: AbortSignal): Promise<TraceFeed>;
  watch(request: TraceWatchRequest, signal?: AbortSignal): Promise<TraceWatch>;
  watchServers(request: { cursor: Cursor | null; waitMs: number }, signal?: AbortSignal): Promise<ServerFeed>;
  log(request: { id: ServerId; cursor: Cursor | null; waitMs: number }, signal?: AbortSignal): Promise<ServerLog>;
}

interface Kept {
  readonly detail: TraceDetail;
  readonly revision: number;
  readonly payloads: readonly RedactedPayload[];
}

const INFO: AppInfo = {
  version: '0.1.0',
  host: 'headless',
  canManage: true,
  origin: 'http://127.0.0.1:4318',
  mcpUrl: 'http://127.0.0.1:4318/mcp',
  otlpUrl: 'http://127.0.0.1:4318/v1/traces',
  tokenFile: '~/.throughline/token',
  secretStorage: { kind: 'file', file: '~/.throughline/secrets.json' },
};

const MAX_LOG_LINES = 5_000;

export function createMemoryHost(): MemoryHost {
  const traces = new Map<TraceId, Kept>();
  const changes = createChanges();
  let servers: readonly ServerView[] = [];
  let virtualServers: readonly VirtualServerView[] = [];
  const logs = new Map<ServerId, readonly ServerLogLine[]>();
  let serversRevision = 1;
  let revision = 1;
  const host: MemoryHost = {
    info: INFO,
    stats: {},
    get servers() {
      return servers;
    },
    get virtualServers() {
      return virtualServers;
    },
    putTrace(detail, payloads) {
      revision += 1;
      const { traceId } = detail.summary;
      traces.set(traceId, { detail, revision, payloads: payloads ?? host.payloads(traceId) });
      changes.announce();
    },
    setServers(next) {
      servers = next;
      serversRevision += 1;
      changes.announce();
    },
    setVirtualServers(next) {
      virtualServers = next;
      serversRevision += 1;
      changes.announce();
    },
    print(id, printed) {
      const kept = logs.get(id) ?? [];
      const last = kept.at(-1)?.number ?? 0;
      const fresh = printed.map((line, index) => ({ ...line, number: last + 1 + index }));
      logs.set(id, [...kept, ...fresh].slice(-MAX_LOG_LINES));
      changes.announce();
    },
    payloads: (traceId) => traces.get(traceId)?.payloads ?? [],
    clear() {
      traces.clear();
      revision += 1;
      changes.announce();
    },
    async feed({ cursor, query, limit, waitMs }, signal) {
      const matches = matcher(query);
      await changes.until(() => cursor === null || cursor < revision, waitMs, signal);
      const fresh = newestFirst(traces).filter((kept) => kept.revision > (cursor ?? 0));
      const hits = fresh.filter((kept) => matches(kept.detail));
      return {
        cursor: revision,
        reset: cursor === null,
        traces: hits.slice(0, limit).map((kept) => kept.detail.summary),
        removed: fresh.filter((kept) => !hits.includes(kept)).map((kept) => kept.detail.summary.traceId),
        stats: { ...statsOf(traces), ...host.stats },
      };
    },
    async watch({ traceId, cursor, waitMs }, signal) {
      await changes.until(() => cursor === null || (traces.get(traceId)?.revision ?? 0) > cursor, waitMs, signal);
      const detail = traces.get(traceId)?.detail;
      const { summary = null, spans = [], payloads = [] } = detail ?? {};
      return { cursor: revision, reset: true, summary, spans, payloads };
    },
    async watchServers({ cursor, waitMs }, signal) {
      await changes.until(() => cursor === null || cursor < serversRevision, waitMs, signal);
      const counted = servers.map((server) => ({ ...server, logLines: logs.get(server.id)?.at(-1)?.number ?? 0 }));
      return { cursor: serversRevision, servers: counted, virtualServers };
    },
    async log({ id, cursor, waitMs }, signal) {
      const newest = (): number => logs.get(id)?.at(-1)?.number ?? 0;
      await changes.until(() => cursor === null || cursor < newest(), waitMs, signal);
      const lines = (logs.get(id) ?? []).filter((line) => line.number > (cursor ?? 0));
      const oldest = lines[0]?.number ?? newest() + 1;
      return { cursor: newest(), dropped: oldest - (cursor ?? 0) - 1, lines };
    },
  };
  return host;
}

function newestFirst(traces: ReadonlyMap<TraceId, Kept>): readonly Kept[] {
  const start = (kept: Kept): bigint => kept.detail.summary.startTime;
  return [...traces.values()].sort((left, right) => (start(left) < start(right) ? 1 : -1));
}

function statsOf(traces: ReadonlyMap<TraceId, Kept>): StoreStats {
  return {
    traces: traces.size,
    spans: [...traces.values()].reduce((sum, kept) => sum + kept.detail.spans.length, 0),
    bytes: 5_400_000,
    budgetBytes: 256 * 1024 * 1024,
    evictedTraces: 0,
    droppedSpans: 0,
    droppedPayloads: 0,
  };
}

const QUERY_KEYS = ['tool', 'server', 'client', 'method', 'status', 'dur', 'redacted', 'plugin', 'upkeep'];

/** Enough of the query language for a page without a host; a term it does not know is refused as the host would. */
function matcher(query: string): (detail: TraceDetail) => boolean {
  const terms = query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const tests = terms.map((term) => {
    const negated = term.startsWith('-');
    const word = negated ? term.slice(1) : term;
    const at = word.indexOf(':');
    const key = at === -1 ? '' : word.slice(0, at);
    const values = word
      .slice(at + 1)
      .replaceAll('"', '')
      .split('|');
    if (key !== '' && !QUERY_KEYS.includes(key)) {
      const known = QUERY_KEYS.map((each) => `${each}:`).join(' ');
      throw new ORPCError('BAD_REQUEST', {
        message: `“${key}:” is not a filter. Use one of ${known}, or plain words.`,
      });
    }
    return (detail: TraceDetail): boolean => values.some((value) => holds(detail, key, value)) !== negated;
  });
  return (detail) => tests.every((test) => test(detail));
}

function holds({ summary, spans }: TraceDetail, key: string, value: string): boolean {
  if (key === 'server') return summary.serverIds.some((id) => id === value);
  if (key === 'client') return summary.client === value;
  if (key === 'status') return summary.status === value;
  if (key === 'method') return summary.method === value;
  if (key === 'redacted') return summary.redactionCount > 0;
  if (key === 'upkeep') return (spans[0]?.attributes['throughline.upkeep'] ?? 'none') === value;
  return (summary.target ?? '').includes(value);
}
