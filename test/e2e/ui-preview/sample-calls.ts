import type { Finding, PayloadDirection, RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { SpanId } from '../../../src/shared/domain/ids.ts';
import type { PayloadInfo, TraceDetail, TraceStatus } from '../../../src/shared/domain/trace.ts';
import { makePayload, makeSpan, makeSummary, spanIdOf, traceIdOf } from '../../support/make-trace.ts';
import type { SpanWish } from '../../support/make-trace.ts';

/** One call as the preview shows it. Times in milliseconds. */
export interface SampleCall {
  readonly id: number;
  readonly at: number;
  readonly took: number | null;
  readonly status?: TraceStatus;
  readonly method?: string;
  readonly target: string | null;
  readonly server: string;
  readonly client: string;
  readonly error?: string;
  readonly secret?: boolean;
  readonly firstOfSession?: boolean;
  readonly remoteParent?: boolean;
  readonly progress?: number;
  readonly upstreamSpans?: boolean;
  readonly args?: Record<string, unknown>;
  readonly answer?: string;
  /** Lines the server prints meanwhile. */
  readonly printed?: readonly string[];
}

const MASK = '•••';

const URL_BEFORE = 'http://127.0.0.1:4318/mcp?key=';

export const secretFinding: Finding = {
  path: '/params/arguments/password',
  start: 0,
  end: MASK.length,
  rule: 'key-name',
  kind: 'password',
  length: '9-16',
  hash: 'b2f1a90c5d6e7f80',
};

const urlFinding: Finding = {
  path: '/attributes/url.full',
  start: URL_BEFORE.length,
  end: URL_BEFORE.length + MASK.length,
  rule: 'url-query',
  kind: 'token',
  length: '17-32',
  hash: '77aa01fe12345678',
};

const SPANS_PER_TRACE = 64;

const [LEGACY, MODERN] = ['2025-11-25', '2026-07-28'] as const;

/** One client is of the newer era, and one of both by turns. */
function clientProtocol({ client, id }: SampleCall): string {
  return client === 'Visual Studio Code' || (client === 'Claude Code' && id % 2 === 0) ? MODERN : LEGACY;
}

function serverProtocol({ server }: SampleCall): string {
  return server === 'github' ? MODERN : LEGACY;
}

export interface Sample {
  readonly detail: TraceDetail;
  readonly payloads: readonly RedactedPayload[];
}

/** The whole tree of one call, as the gateway records it. */
export function sampleCall(call: SampleCall): Sample {
  const spans = spansOf(call);
  const payloads = payloadsOf(call, spanIdOf(call.id * SPANS_PER_TRACE + 1));
  const infos: PayloadInfo[] = payloads.map((payload) => ({
    spanId: payload.spanId,
    direction: payload.direction,
    mediaType: payload.mediaType,
    originalBytes: payload.originalBytes,
    truncated: payload.truncated,
    findingCount: payload.findings.length,
  }));
  const hidden = spans.reduce((sum, span) => sum + span.findings.length, 0);
  const summary = makeSummary({
    id: call.id,
    start: call.at,
    took: call.took,
    status: call.status ?? (call.took === null ? 'pending' : 'ok'),
    method: call.method ?? 'tools/call',
    target: call.target,
    servers: [call.server],
    client: call.client,
    clientProtocol: clientProtocol(call),
    serverProtocols: [serverProtocol(call)],
    errorMessage: call.error ?? null,
    spanCount: spans.length,
    errorCount: spans.filter((span) => span.status.code === 'error').length,
    redactionCount: hidden + payloads.reduce((sum, payload) => sum + payload.findings.length, 0),
    remoteParentMissing: call.remoteParent ?? false,
    payloadBytes: payloads.reduce((sum, payload) => sum + payload.originalBytes, 0),
  });
  return { detail: { summary, spans, payloads: infos }, payloads };
}

/** Makes the spans of one call: ids and parents are numbers within it. */
type SpanMaker = (id: number, parent: number | null, name: string, rest: Partial<SpanWish>) => RedactedSpan;

function spansOf(call: SampleCall): RedactedSpan[] {
  const base = call.id * SPANS_PER_TRACE;
  const make: SpanMaker = (id, parent, name, rest) =>
    makeSpan({
      id: base + id,
      parent: parent === null ? null : base + parent,
      trace: call.id,
      origin: call.at,
      name,
      ...rest,
    });
  return [...gatewaySpans(call, make), ...clientSpans(call, make), ...serverSpans(call, make)];
}

function timing(call: SampleCall): { whole: number; end: (share: number) => number | null; failed: string | null } {
  const { took } = call;
  return {
    whole: took ?? 60_000,
    end: (share) => (took === null ? null : took * share),
    failed: call.status === 'error' ? (call.error ?? 'The tool answered with an error.') : null,
  };
}

function gatewaySpans(call: SampleCall, make: SpanMaker): RedactedSpan[] {
  const { whole, end, failed } = timing(call);
  const method = call.method ?? 'tools/call';
  const steps = call.progress ?? 0;
  return [
    make(0, null, 'POST /mcp', {
      kind: 'server',
      end: end(1),
      parentIsRemote: call.remoteParent ?? false,
      error: failed,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'url.path': '/mcp',
        'url.full': `${URL_BEFORE}${MASK}`,
        'network.protocol.version': '1.1',
        'user_agent.original': `${call.client}/2.1`,
      },
      findings: call.secret === true ? [urlFinding] : [],
    }),
    make(1, 0, method === 'tools/call' ? 'tool.invoke' : method.replace('/', '.'), {
      start: Math.min(0.4, whole * 0.02),
      end: end(0.985),
      error: failed,
      attributes: {
        'mcp.method.name': method,
        ...(call.target === null ? {} : { 'gen_ai.tool.name': call.target }),
        'jsonrpc.request.id': String(40 + call.id),
        'mcp.session.id': 'h:9f27c1d0',
        'mcp.protocol.version': clientProtocol(call),
        'gen_ai.operation.name': 'execute_tool',
      },
      events: Array.from({ length: steps }, (_, step) => ({
        name: 'mcp.notification',
        at: Math.min(whole, 4_000) * ((step + 1) / (steps + 1)),
        attributes: {
          'mcp.method.name': 'notifications/progress',
          'throughline.progress': step + 1,
          'throughline.progress.total': steps,
          'throughline.progress.message': call.answer ?? `Step ${String(step + 1)} finished`,
        },
      })),
    }),
  ];
}

function clientSpans(call: SampleCall, make: SpanMaker): RedactedSpan[] {
  const { whole, end, failed } = timing(call);
  const first = call.firstOfSession === true;
  const spans = [
    make(2, 1, 'mcp.client.call', {
      kind: 'client',
      start: Math.min(0.9, whole * 0.05),
      end: end(0.97),
      error: failed,
      attributes: {
        'throughline.server.id': call.server,
        'mcp.protocol.version': serverProtocol(call),
        'session.reused': !first,
        'server.address': call.server,
        'network.transport': 'pipe',
        ...(call.printed === undefined ? {} : { 'throughline.log.dropped': 2 }),
      },
      events: (call.printed ?? []).map((text, index, all) => ({
        name: 'server.log',
        at: whole * (0.1 + (0.8 * index) / all.length),
        attributes: { 'log.iostream': index === 0 ? 'stdout' : 'stderr', 'log.record.original': text },
      })),
      findings: (call.printed ?? []).flatMap((text, index) => logFindings(text, index)),
    }),
    make(4, 2, 'mcp.client.request', { start: whole * (first ? 0.42 : 0.06) + 0.1, end: end(0.9) }),
  ];
  if (first) spans.push(make(3, 2, 'mcp.client.initialize', { start: whole * 0.06, end: whole * 0.41 }));
  if (call.took !== null) {
    spans.push(make(5, 2, 'mcp.client.response', { start: whole * 0.9, end: whole * 0.965, error: failed }));
  }
  return spans;
}

function serverSpans(call: SampleCall, make: SpanMaker): RedactedSpan[] {
  if (call.upstreamSpans !== true) return [];
  const { whole, end } = timing(call);
  const service = `${call.server}-server`;
  return [
    make(6, 4, 'handle tools/call', { kind: 'server', service, start: whole * 0.44, end: end(0.88) }),
    make(7, 6, 'SELECT issues', {
      kind: 'client',
      service,
      start: whole * 0.47,
      end: end(0.7),
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT id, title FROM issues WHERE state = $1 LIMIT 50',
      },
    }),
    make(8, 6, 'render markdown', { service, start: whole * 0.71, end: end(0.86) }),
  ];
}

function payloadsOf(call: SampleCall, spanId: SpanId): RedactedPayload[] {
  const request = {
    jsonrpc: '2.0',
    id: 40 + call.id,
    method: call.method ?? 'tools/call',
    params: {
      ...(call.target === null ? {} : { name: `${call.server}__${call.target}` }),
      arguments: { ...(call.args ?? { message: 'hello' }), ...(call.secret === true ? { password: MASK } : {}) },
      _meta: { progressToken: 7, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    },
  };
  const answer = {
    jsonrpc: '2.0',
    id: 40 + call.id,
    result: {
      content: [{ type: 'text', text: call.answer ?? call.error ?? 'Echo: hello' }],
      ...(call.status === 'error' ? { isError: true } : {}),
    },
  };
  const make = (direction: PayloadDirection, body: unknown, findings: readonly Finding[]): RedactedPayload => {
    const text = JSON.stringify(body);
    return makePayload({ traceId: traceIdOf(call.id), spanId, direction, text, findings });
  };
  const asked = make('request', request, call.secret === true ? [secretFinding] : []);
  return call.took === null ? [asked] : [asked, make('response', answer, [])];
}

function logFindings(text: string, index: number): readonly Finding[] {
  const start = text.indexOf(MASK);
  if (start === -1) return [];
  const path = `/events/${String(index)}/attributes/log.record.original`;
  return [{ ...secretFinding, path, start, end: start + MASK.length, rule: 'key-value', kind: 'authorization' }];
}

/** What the gateway did for itself. */
export function upkeepTrace(id: number, at: number, reason: 'health' | 'stream' | 'restart', server: string): Sample {
  const span = makeSpan({
    id: id * SPANS_PER_TRACE,
    trace: id,
    origin: at,
    name: reason === 'stream' ? 'GET /mcp' : `server.${reason}`,
    end: 3,
    attributes: { 'throughline.upkeep': reason, 'throughline.server.id': server },
  });
  const summary = {
    ...makeSummary({
      upkeep: reason,
      id,
      start: at,
      took: 3,
      method: null,
      target: null,
      servers: [server],
      client: null,
      clientProtocol: null,
      spanCount: 1,
    }),
    name: span.name,
  };
  return { detail: { summary, spans: [span], payloads: [] }, payloads: [] };
}

/** A trace of many spans, deep and wide. */
export function hugeTrace(id: number, at: number, count: number): Sample {
  const spans: RedactedSpan[] = [];
  const times: { readonly start: number; readonly length: number }[] = [];
  const services = ['throughline', 'planner', 'search', 'postgres-proxy', 'embedder'];
  for (let index = 0; index < count; index += 1) {
    const parent = index === 0 ? null : Math.floor((index - 1) / (index % 7 === 0 ? 1 : 3));
    const above = times[parent ?? -1] ?? { start: 0, length: 0 };
    const start = above.start + above.length * 0.08 * (index % 5);
    const length = index === 0 ? 9_600 : 40 + ((index * 37) % 900);
    times.push({ start, length });
    spans.push(
      makeSpan({
        id: 10_000_000 + index,
        parent: parent === null ? null : 10_000_000 + parent,
        trace: id,
        origin: at,
        name: index === 0 ? 'agent.run' : `step ${String(index)} of the plan`,
        start,
        end: Math.min(9_600, start + length),
        service: services[Math.floor((index * services.length) / count)] ?? 'throughline',
        error: index % 997 === 0 && index > 0 ? 'connection reset by peer' : null,
        attributes: {
          'gen_ai.tool.name': `tool_${String(index % 40)}`,
          index,
          a: 'x',
          b: 'y',
          c: 'z',
          d: 1,
          e: 2,
          f: true,
        },
      }),
    );
  }
  const summary = makeSummary({
    id,
    start: at,
    took: 9_600,
    method: 'agent.run',
    target: null,
    servers: ['planner', 'search'],
    client: 'bench',
    spanCount: count,
    errorCount: Math.floor(count / 997),
    status: 'error',
    errorMessage: 'connection reset by peer',
  });
  return { detail: { summary, spans, payloads: [] }, payloads: [] };
}
