import {
  SpanKind as OtelSpanKind,
  SpanStatusCode,
  type HrTime,
  type Attributes as OtelAttributes,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { unixNano, type SpanId, type TraceId, type UnixNano } from '../shared/domain/ids.ts';
import type {
  Attributes,
  AttributeValue,
  SpanKind,
  SpanOrigin,
  SpanRecord,
  StatusCode,
} from '../shared/domain/span.ts';

/** Makes the record of a span as it is at this moment, ended or not. */
export type ToSpanRecord = (span: ReadableSpan) => SpanRecord;

export function createToSpanRecord(): ToSpanRecord {
  const toNano = createToNano();
  const originOf = createOriginOf();
  return (span) => {
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
      attributes: span.ended ? attributesOfEnded(span.attributes) : definedAttributes(span.attributes),
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
      origin: originOf(span),
      dropped: {
        attributes: span.droppedAttributesCount,
        events: span.droppedEventsCount,
        links: span.droppedLinksCount,
      },
    };
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

/** Nanoseconds of a time as the SDK keeps it. Spans of one time share their whole seconds. */
function createToNano(): (time: HrTime) => UnixNano {
  let lastSeconds = 0;
  let lastSecondsInNanos = 0n;
  return ([seconds, nanos]) => {
    if (seconds !== lastSeconds) {
      lastSeconds = seconds;
      lastSecondsInNanos = BigInt(seconds) * 1_000_000_000n;
    }
    return unixNano(lastSecondsInNanos + BigInt(nanos));
  };
}

/** One record for all spans of a tracer, found by the identity of its resource and scope. */
function createOriginOf(): (span: ReadableSpan) => SpanOrigin {
  const origins = new WeakMap<ReadableSpan['resource'], WeakMap<ReadableSpan['instrumentationScope'], SpanOrigin>>();
  return ({ resource, instrumentationScope }) => {
    const known = origins.get(resource)?.get(instrumentationScope);
    if (known !== undefined) return known;
    const origin = {
      resource: definedAttributes(resource.attributes),
      scopeName: instrumentationScope.name,
      scopeVersion: instrumentationScope.version ?? null,
    };
    const ofResource = origins.get(resource) ?? new WeakMap<ReadableSpan['instrumentationScope'], SpanOrigin>();
    origins.set(resource, ofResource.set(instrumentationScope, origin));
    return origin;
  };
}

/** Nothing changes an ended span any more, so that what needs no mending need not be copied. */
function attributesOfEnded(attributes: OtelAttributes): Attributes {
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || typeof value === 'object') return definedAttributes(attributes);
  }
  return attributes as Attributes;
}

function definedAttributes(attributes: OtelAttributes): Attributes {
  const result: Record<string, AttributeValue> = {};
  for (const key of Object.keys(attributes)) {
    const value = attributes[key];
    if (value !== undefined) result[key] = Array.isArray(value) ? (value.filter(isPresent) as AttributeValue) : value;
  }
  return result;
}

function isPresent<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
