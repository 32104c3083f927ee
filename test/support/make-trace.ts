import { unixNano } from '../../src/shared/domain/ids.ts';
import type { ServerId, SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import type { Finding, RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { Attributes, SpanEvent, SpanKind, SpanRecord } from '../../src/shared/domain/span.ts';
import type { TraceStatus, TraceSummary } from '../../src/shared/domain/trace.ts';

const NANOS_PER_MILLI = 1e6;

export function traceIdOf(seed: number): TraceId {
  return (seed + 1).toString(16).padStart(32, '0') as TraceId;
}

export function spanIdOf(seed: number): SpanId {
  return (seed + 1).toString(16).padStart(16, '0') as SpanId;
}

/** What a test says about a span; the rest has plain defaults. Times are milliseconds after `origin`. */
export interface SpanWish {
  readonly id: number;
  readonly parent?: number | null;
  readonly trace?: number;
  readonly name?: string;
  readonly kind?: SpanKind;
  /** Milliseconds since 1970. */
  readonly origin?: number;
  readonly start?: number;
  /** Null leaves the span open. */
  readonly end?: number | null;
  readonly error?: string | null;
  readonly attributes?: Attributes;
  readonly events?: readonly { name: string; at: number; attributes?: Attributes }[];
  readonly service?: string;
  readonly findings?: readonly Finding[];
  readonly parentIsRemote?: boolean;
}

export function makeSpan(wish: SpanWish): RedactedSpan {
  const { id, parent = null, trace = 0, origin = 0, start = 0, end = 1, error = null } = wish;
  const at = (millis: number) => unixNano(BigInt(origin) * 1_000_000n + BigInt(Math.round(millis * NANOS_PER_MILLI)));
  const events: SpanEvent[] = (wish.events ?? []).map((event) => ({
    name: event.name,
    time: at(event.at),
    attributes: event.attributes ?? {},
  }));
  const span: SpanRecord & Pick<RedactedSpan, 'findings'> = {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(id),
    parentSpanId: parent === null ? null : spanIdOf(parent),
    parentIsRemote: wish.parentIsRemote ?? false,
    traceState: null,
    name: wish.name ?? `span ${String(id)}`,
    kind: wish.kind ?? 'internal',
    startTime: at(start),
    endTime: end === null ? null : at(end),
    status: { code: error === null ? 'unset' : 'error', message: error },
    attributes: wish.attributes ?? {},
    events,
    links: [],
    origin: {
      resource: { 'service.name': wish.service ?? 'throughline' },
      scopeName: wish.service ?? 'throughline',
      scopeVersion: '0.1.0',
    },
    dropped: { attributes: 0, events: 0, links: 0 },
    findings: wish.findings ?? [],
  };
  // A test's own values hide nothing; only here may the proof of redaction be made up.
  return span as RedactedSpan;
}

/** A captured body; whatever a test is about is given in `wish`. */
export function makePayload(wish: Partial<PlainPayload> = {}): RedactedPayload {
  const payload: PlainPayload = {
    traceId: traceIdOf(0),
    spanId: spanIdOf(0),
    direction: 'request',
    mediaType: 'application/json',
    text: '{}',
    originalBytes: wish.text?.length ?? 2,
    truncated: false,
    findings: [],
    ...wish,
  };
  return payload as RedactedPayload;
}

type PlainPayload = Pick<
  RedactedPayload,
  'traceId' | 'spanId' | 'direction' | 'mediaType' | 'text' | 'originalBytes' | 'truncated' | 'findings'
>;

export interface SummaryWish {
  readonly id?: number;
  /** Milliseconds since 1970. */
  readonly start?: number;
  /** Null while running. */
  readonly took?: number | null;
  readonly status?: TraceStatus;
  readonly waitsFor?: readonly string[];
  readonly waitedMs?: number;
  readonly method?: string | null;
  readonly target?: string | null;
  readonly servers?: readonly string[];
  readonly client?: string | null;
  readonly clientProtocol?: string | null;
  readonly serverProtocols?: readonly string[];
  readonly errorMessage?: string | null;
  readonly blockedBy?: string | null;
  readonly spanCount?: number;
  readonly redactionCount?: number;
  readonly remoteParentMissing?: boolean;
  readonly upkeep?: string;
  readonly payloadBytes?: number;
  readonly errorCount?: number;
  readonly revision?: number;
}

export function makeSummary(wish: SummaryWish = {}): TraceSummary {
  const { id = 0, start = 0, took = 12.4, status = took === null ? 'pending' : 'ok' } = wish;
  const from = BigInt(start) * 1_000_000n;
  return {
    traceId: traceIdOf(id),
    name: 'POST /mcp',
    method: wish.method === undefined ? 'tools/call' : wish.method,
    target: wish.target === undefined ? 'echo' : wish.target,
    serverIds: (wish.servers ?? ['everything']) as ServerId[],
    client: wish.client === undefined ? 'Claude Code' : wish.client,
    clientProtocol: wish.clientProtocol === undefined ? '2025-11-25' : wish.clientProtocol,
    serverProtocols: wish.serverProtocols ?? ['2025-11-25'],
    services: ['throughline'],
    startTime: unixNano(from),
    endTime: took === null ? null : unixNano(from + BigInt(Math.round(took * NANOS_PER_MILLI))),
    status,
    waitsFor: wish.waitsFor ?? [],
    waitedMs: wish.waitedMs ?? 0,
    blockedBy: wish.blockedBy ?? null,
    errorMessage: wish.errorMessage ?? null,
    spanCount: wish.spanCount ?? 6,
    openSpanCount: took === null ? 3 : 0,
    errorCount: wish.errorCount ?? (status === 'error' ? 1 : 0),
    redactionCount: wish.redactionCount ?? 0,
    payloadBytes: wish.payloadBytes ?? 640,
    remoteParentMissing: wish.remoteParentMissing ?? false,
    upkeep: wish.upkeep ?? null,
    revision: wish.revision ?? 1,
  };
}
