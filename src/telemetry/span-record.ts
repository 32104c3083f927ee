import {
  SpanKind as OtelSpanKind,
  SpanStatusCode,
  type HrTime,
  type Attributes as OtelAttributes,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { unixNano, type SpanId, type TraceId, type UnixNano } from '../shared/domain/ids.ts';
import type { Attributes, AttributeValue, SpanKind, SpanRecord, StatusCode } from '../shared/domain/span.ts';

/** A span as it is at this moment, ended or not. */
export function toSpanRecord(span: ReadableSpan): SpanRecord {
  const { traceId, spanId, traceState } = span.spanContext();
  const parent = span.parentSpanContext;
  return {
    traceId: traceId as TraceId,
    spanId: spanId as SpanId,
    parentSpanId: (parent?.spanId as SpanId | undefined) ?? null,
    parentIsRemote: parent?.isRemote === true,
    traceState: traceState?.serialize() ?? null,
    name: span.name,
    kind: KINDS[span.kind],
    startTime: toNano(span.startTime),
    endTime: span.ended ? toNano(span.endTime) : null,
    status: { code: STATUS_CODES[span.status.code], message: span.status.message ?? null },
    attributes: definedAttributes(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      time: toNano(time),
      attributes: definedAttributes(attributes ?? {}),
    })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId as TraceId,
      spanId: context.spanId as SpanId,
      attributes: definedAttributes(attributes ?? {}),
    })),
    origin: {
      resource: definedAttributes(span.resource.attributes),
      scopeName: span.instrumentationScope.name,
      scopeVersion: span.instrumentationScope.version ?? null,
    },
    dropped: {
      attributes: span.droppedAttributesCount,
      events: span.droppedEventsCount,
      links: span.droppedLinksCount,
    },
  };
}

const KINDS: Readonly<Record<OtelSpanKind, SpanKind>> = {
  [OtelSpanKind.INTERNAL]: 'internal',
  [OtelSpanKind.SERVER]: 'server',
  [OtelSpanKind.CLIENT]: 'client',
  [OtelSpanKind.PRODUCER]: 'producer',
  [OtelSpanKind.CONSUMER]: 'consumer',
};

const STATUS_CODES: Readonly<Record<SpanStatusCode, StatusCode>> = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
};

function toNano([seconds, nanos]: HrTime): UnixNano {
  return unixNano(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}

function definedAttributes(attributes: OtelAttributes): Attributes {
  const result: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) result[key] = Array.isArray(value) ? (value.filter(isPresent) as AttributeValue) : value;
  }
  return result;
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
