import type { ExportOptions, RuntimeServices } from '../../src/runtime/services.ts';
import type { AppInfo, ConsentRequest, ImportReport } from '../../src/shared/contract/messages.ts';
import { millisToUnixNano, type ServerId, type SpanId, type TraceId } from '../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { DEFAULT_POLICY } from '../../src/shared/domain/redaction.ts';
import { DEFAULT_TRACING_SETTINGS } from '../../src/shared/domain/settings.ts';
import type { TraceDetail, TraceSummary } from '../../src/shared/domain/trace.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import type { TraceStore } from '../../src/store/port.ts';

export const TRACE_ID = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' as TraceId;
export const OTHER_TRACE_ID = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' as TraceId;

export function spanId(number: number): SpanId {
  return number.toString(16).padStart(16, '0') as SpanId;
}

export function fakeSpan(id: number, parent: number | null, overrides: Partial<RedactedSpan> = {}): RedactedSpan {
  return {
    traceId: TRACE_ID,
    spanId: spanId(id),
    parentSpanId: parent === null ? null : spanId(parent),
    parentIsRemote: false,
    traceState: null,
    name: `span ${id}`,
    kind: 'internal',
    startTime: millisToUnixNano(1_750_000_000_000 + id),
    endTime: millisToUnixNano(1_750_000_000_100 + id),
    status: { code: 'unset', message: null },
    attributes: {},
    events: [],
    links: [],
    origin: { resource: { 'service.name': 'throughline' }, scopeName: 'test', scopeVersion: null },
    dropped: { attributes: 0, events: 0, links: 0 },
    findings: [],
    ...overrides,
  } as RedactedSpan;
}

export function fakePayload(
  span: number,
  direction: 'request' | 'response',
  text: string,
  overrides: Partial<RedactedPayload> = {},
): RedactedPayload {
  return {
    traceId: TRACE_ID,
    spanId: spanId(span),
    direction,
    mediaType: 'application/json',
    text,
    originalBytes: text.length,
    truncated: false,
    findings: [],
    ...overrides,
  } as RedactedPayload;
}

export function fakeSummary(overrides: Partial<TraceSummary> = {}): TraceSummary {
  return {
    traceId: TRACE_ID,
    name: 'POST /mcp',
    method: 'tools/call',
    target: 'echo',
    serverIds: ['everything' as ServerId],
    client: 'inspector',
    clientProtocol: '2025-11-25',
    serverProtocols: ['2025-11-25'],
    services: ['throughline'],
    startTime: millisToUnixNano(1_750_000_000_000),
    endTime: millisToUnixNano(1_750_000_000_250),
    status: 'ok',
    waitsFor: [],
    waitedMs: 0,
    blockedBy: null,
    errorMessage: null,
    spanCount: 3,
    openSpanCount: 0,
    errorCount: 0,
    redactionCount: 0,
    payloadBytes: 10,
    remoteParentMissing: false,
    upkeep: null,
    revision: 1,
    ...overrides,
  };
}

export interface FakeServices extends RuntimeServices {
  /** What was asked of the parts behind, in order, for example `store.clear`. */
  readonly calls: string[];
}

const stats = {
  traces: 0,
  spans: 0,
  bytes: 0,
  budgetBytes: 1,
  evictedTraces: 0,
  droppedSpans: 0,
  droppedPayloads: 0,
};

/** The parts behind the doors, reduced to what a door's test needs: two traces and a record of what was asked. */
export function createFakeServices(details: readonly TraceDetail[] = [fakeDetail()]): FakeServices {
  const calls: string[] = [];
  const kept = [...details];
  const encode = (what: string, { format, withPayloads }: ExportOptions): Uint8Array =>
    new TextEncoder().encode(JSON.stringify({ what, format, withPayloads }));
  const note = async (call: string): Promise<void> => {
    calls.push(call);
  };
  return {
    calls,
    store: fakeStore(calls, kept),
    ...fakeDirectories(calls),
    redaction: fakeRedaction(calls),
    demo: { play: () => note('demo.play') },
    exports: {
      trace: async (traceId, options) =>
        kept.some((detail) => detail.summary.traceId === traceId) ? encode(traceId, options) : null,
      selected: async (selection, options) => {
        const what = 'query' in selection ? `matching ${selection.query}` : selection.traceIds.join(' ');
        const isChosen = ({ summary }: TraceDetail): boolean =>
          'query' in selection || selection.traceIds.includes(summary.traceId);
        return { bytes: encode(what, options), traces: kept.filter(isChosen).length };
      },
    },
    imports: {
      file: async (fileName, bytes) => {
        calls.push(`traces.import ${fileName} ${bytes.byteLength}`);
        return fakeImportReport(fileName);
      },
    },
    ...fakeDesks(calls),
    appInfo: (canManage): AppInfo => ({
      version: '0.0.0',
      host: 'headless',
      canManage,
      origin: 'http://127.0.0.1:1',
      mcpUrl: 'http://127.0.0.1:1/mcp',
      otlpUrl: 'http://127.0.0.1:1/v1/traces',
      tokenFile: null,
      secretStorage: { kind: 'run', file: null },
    }),
  };
}

function fakeStore(calls: string[], kept: TraceDetail[]): TraceStore {
  return {
    put: () => undefined,
    flush: async () => undefined,
    feed: async (request, signal) => {
      calls.push(`store.feed ${request.query}`);
      if (request.query === 'crash') throw new Error('disk on fire at /home/someone/secret');
      if (request.query === 'bad:') throw new UserError('Write a value after "bad:".');
      if (request.query === 'huge') {
        const name = 'x'.repeat(1_000_000);
        return { cursor: 1, reset: true, traces: [fakeSummary({ name })], removed: [], stats };
      }
      if (request.query === 'wait') {
        await new Promise<void>((resolve) => {
          signal?.addEventListener('abort', () => {
            calls.push('store.feed aborted');
            resolve();
          });
        });
      }
      return { cursor: 1, reset: true, traces: kept.map((detail) => detail.summary), removed: [], stats };
    },
    watch: async () => ({ cursor: 1, reset: true, summary: null, spans: [], payloads: [] }),
    list: async (query, limit) => {
      calls.push(`store.list ${query} ${limit}`);
      if (query === 'bad:') throw new UserError('Write a value after "bad:".');
      if (query === 'crash') throw new Error('disk on fire at /home/someone/secret');
      return kept.slice(0, limit).map((detail) => detail.summary);
    },
    trace: async (traceId) => kept.find((detail) => detail.summary.traceId === traceId) ?? null,
    payload: async () => fakePayload(2, 'request', '{}'),
    payloads: async (traceId) => (traceId === TRACE_ID ? [fakePayload(2, 'request', '{"a":1}')] : []),
    clear: async () => {
      calls.push('store.clear');
      kept.length = 0;
    },
    stats: async () => stats,
    trail: async () => [],
    revise: async () => true,
    retain: async () => undefined,
    moveTo: async () => undefined,
    note: async () => null,
    keepNote: async () => undefined,
    close: async () => undefined,
  };
}

function fakeImportReport(fileName: string): ImportReport {
  const counts = { traces: 1, spans: 2, payloads: 0, skipped: 0 };
  return { fileName, format: 'OTLP JSON', ...counts, problems: [], newestTraceId: TRACE_ID };
}

function fakeDesks(calls: string[]): Pick<RuntimeServices, 'settings' | 'forwarding'> {
  const receiver = { acceptedSpans: 0, rejectedSpans: 0, requests: 0, refusedRequests: 0, services: [] };
  const note = async (call: string): Promise<void> => {
    calls.push(call);
  };
  return {
    settings: {
      current: () => DEFAULT_TRACING_SETTINGS,
      watch: async () => ({
        cursor: 1,
        settings: DEFAULT_TRACING_SETTINGS,
        fixed: {},
        historyFile: null,
        receiver,
      }),
      save: (settings) => note(`settings.save ${settings.spanNaming}`),
    },
    forwarding: {
      watch: async () => ({ cursor: 1, endpoints: [] }),
      save: (name) => note(`forwarding.save ${name}`),
      remove: (name) => note(`forwarding.remove ${name}`),
      preview: async (_name, endpoint) => ({
        url: endpoint.url,
        headerNames: Object.keys(endpoint.headers),
        matching: 0,
        stored: 0,
        sample: null,
      }),
      try: async (name) => {
        await note(`forwarding.try ${name ?? ''}`);
        return { isOk: true, sentence: 'It answered.' };
      },
    },
  };
}

function fakeDirectories(calls: string[]): Pick<RuntimeServices, 'servers' | 'virtualServers'> {
  const note = async (call: string): Promise<void> => {
    calls.push(call);
  };
  return {
    servers: {
      watch: async () => ({ cursor: 1, servers: [], virtualServers: [] }),
      propose: (id, config): ConsentRequest => {
        calls.push(`servers.propose ${id}`);
        if (config.type !== 'stdio') throw new UserError('Only commands here.');
        const { command, args, env, cwd } = config;
        const target = { type: 'stdio', command, args, envNames: Object.keys(env), cwd } as const;
        return { proposalId: 'p1', id, replaces: false, target };
      },
      log: async () => ({ cursor: 0, dropped: 0, lines: [] }),
      confirm: (proposalId) => note(`servers.confirm ${proposalId}`),
      restart: (id) => note(`servers.restart ${id}`),
      stopServer: (id) => note(`servers.stop ${id}`),
      remove: (id) => note(`servers.remove ${id}`),
    },
    virtualServers: {
      save: (id) => note(`virtualServers.save ${id}`),
      remove: (id) => note(`virtualServers.remove ${id}`),
    },
  };
}

function fakeRedaction(calls: string[]): RuntimeServices['redaction'] {
  const rescrub = { isRunning: false, done: 0, total: 0, newlyHidden: null, isAdvised: false };
  return {
    watch: async () => ({ cursor: 1, policy: DEFAULT_POLICY, rules: [], rescrub, revealingSince: null }),
    save: async (policy) => {
      calls.push(`redaction.save ${policy.rules.map(({ id }) => id).join(' ')}`);
    },
    rescrub: () => {
      calls.push('redaction.rescrub');
    },
    test: (text) => ({ text, mediaType: 'text/plain', findings: [], hints: [] }),
    explain: () => ({ isHidden: false, steps: [] }),
    hints: async () => [],
    trail: async () => [],
    reveal: (isOn) => {
      calls.push(`redaction.reveal ${isOn}`);
    },
    revealed: (hash) => {
      calls.push(`redaction.revealed ${hash}`);
      return null;
    },
  };
}

export function fakeDetail(): TraceDetail {
  return {
    summary: fakeSummary(),
    spans: [fakeSpan(1, null), fakeSpan(2, 1), fakeSpan(3, 2, { endTime: null })],
    payloads: [],
  };
}
