import type { SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';

/** A well-formed trace id from a small number (1 or more). */
export function traceIdOf(number: number): TraceId {
  return number.toString(16).padStart(32, '0') as TraceId;
}

/** A well-formed span id from a small number (1 or more). */
export function spanIdOf(number: number): SpanId {
  return number.toString(16).padStart(16, '0') as SpanId;
}

type Fields<T> = { readonly [Key in keyof T as Key extends string ? Key : never]: T[Key] };

/** An ended span without parent; whatever a test is about is given in `overrides`. Nothing is really redacted. */
export function makeSpan(overrides: Partial<Fields<RedactedSpan>> = {}): RedactedSpan {
  const span: Fields<RedactedSpan> = {
    traceId: traceIdOf(1),
    spanId: spanIdOf(1),
    parentSpanId: null,
    parentIsRemote: false,
    traceState: null,
    name: 'POST /mcp',
    kind: 'server',
    startTime: unixNano(1_764_000_000_000_000_000n),
    endTime: unixNano(1_764_000_000_100_000_000n),
    status: { code: 'unset', message: null },
    attributes: {},
    events: [],
    links: [],
    origin: { resource: { 'service.name': 'throughline' }, scopeName: 'test', scopeVersion: null },
    dropped: { attributes: 0, events: 0, links: 0 },
    findings: [],
    ...overrides,
  };
  return span as RedactedSpan;
}

export function makePayload(overrides: Partial<Fields<RedactedPayload>> = {}): RedactedPayload {
  const payload: Fields<RedactedPayload> = {
    traceId: traceIdOf(1),
    spanId: spanIdOf(1),
    direction: 'request',
    mediaType: 'application/json',
    text: '{"message":"hello"}',
    originalBytes: 19,
    truncated: false,
    findings: [],
    ...overrides,
  };
  return payload as RedactedPayload;
}
