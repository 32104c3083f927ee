import { SpanKind as OtelKind, SpanStatusCode } from '@opentelemetry/api';
import type { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { RedactedSpan } from '../shared/domain/redacted.ts';
import type { Attributes, AttributeValue, SpanKind, SpanLink, StatusCode } from '../shared/domain/span.ts';
import { isKeptAsNumber } from './decode/wire-value.ts';
import type { UnixNano } from '../shared/domain/ids.ts';

/** What the library encodes: a finished span of the OpenTelemetry SDK. */
export type ReadableSpan = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];

type HrTime = ReadableSpan['startTime'];
type SpanContext = ReturnType<ReadableSpan['spanContext']>;
type Resource = ReadableSpan['resource'];
type WireAttributes = ReadableSpan['attributes'];

/** A finished span; open ones have no place in OTLP. */
export type FinishedSpan = RedactedSpan & { readonly endTime: UnixNano };

export function isFinished(span: RedactedSpan): span is FinishedSpan {
  return span.endTime !== null;
}

const KIND: Readonly<Record<SpanKind, OtelKind>> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};

const STATUS: Readonly<Record<StatusCode, SpanStatusCode>> = {
  unset: SpanStatusCode.UNSET,
  ok: SpanStatusCode.OK,
  error: SpanStatusCode.ERROR,
};

/** Spans are recorded because they were sampled; the record does not keep the other flags. */
const SAMPLED = 1;

const NANOS_PER_SECOND = 1_000_000_000n;

/**
 * Resources by content: the encoder groups spans by the identity of their resource, and records read back from a store
 * share none.
 */
export function createSpanAdapter(): (span: FinishedSpan, extra: Attributes) => ReadableSpan {
  const resources = new Map<string, Resource>();

  function resourceOf(attributes: Attributes): Resource {
    const content = JSON.stringify(Object.entries(attributes));
    const known = resources.get(content);
    if (known !== undefined) return known;
    const resource = toResource(toWire(attributes));
    resources.set(content, resource);
    return resource;
  }

  return (span, extra) => {
    const context = withTraceState(
      { traceId: span.traceId, spanId: span.spanId, traceFlags: SAMPLED },
      span.traceState,
    );
    return {
      name: span.name,
      kind: KIND[span.kind],
      spanContext: () => context,
      ...(span.parentSpanId === null ? {} : { parentSpanContext: parentContext(span, span.parentSpanId) }),
      startTime: toHrTime(span.startTime),
      endTime: toHrTime(span.endTime),
      duration: toHrTime(span.endTime - span.startTime),
      ended: true,
      status: {
        code: STATUS[span.status.code],
        ...(span.status.message === null ? {} : { message: span.status.message }),
      },
      attributes: toWire({ ...span.attributes, ...extra }),
      events: span.events.map((event) => ({
        name: event.name,
        time: toHrTime(event.time),
        attributes: toWire(event.attributes),
      })),
      links: span.links.map(toLink),
      resource: resourceOf(span.origin.resource),
      instrumentationScope: {
        name: span.origin.scopeName,
        ...(span.origin.scopeVersion === null ? {} : { version: span.origin.scopeVersion }),
      },
      droppedAttributesCount: span.dropped.attributes,
      droppedEventsCount: span.dropped.events,
      droppedLinksCount: span.dropped.links,
    };
  };
}

function parentContext(span: FinishedSpan, spanId: string): SpanContext {
  return { traceId: span.traceId, spanId, traceFlags: SAMPLED, isRemote: span.parentIsRemote };
}

function toLink(link: SpanLink): ReadableSpan['links'][number] {
  return {
    context: { traceId: link.traceId, spanId: link.spanId, traceFlags: SAMPLED },
    attributes: toWire(link.attributes),
  };
}

/** Seconds and nanoseconds are both small enough for a number, so nothing is rounded. */
function toHrTime(nanos: bigint): HrTime {
  return [Number(nanos / NANOS_PER_SECOND), Number(nanos % NANOS_PER_SECOND)];
}

/** The trace state is recorded text: it is handed on as it is, not parsed again. */
function withTraceState(context: SpanContext, recorded: string | null): SpanContext {
  if (recorded === null || recorded === '') return context;
  const traceState: NonNullable<SpanContext['traceState']> = {
    get: () => undefined,
    set: () => traceState,
    unset: () => traceState,
    serialize: () => recorded,
  };
  return { ...context, traceState };
}

function toResource(attributes: WireAttributes): Resource {
  return {
    attributes,
    getRawAttributes: () => Object.entries(attributes),
    merge: (other) => toResource({ ...attributes, ...other?.attributes }),
  };
}

/**
 * Numbers that cannot be read back as they are become strings: NaN and the infinities would be `null` in OTLP/JSON, and
 * whole numbers beyond 2^53 would be integers whose last digits are not those of the number.
 */
function toWire(attributes: Attributes): WireAttributes {
  const entries = Object.entries(attributes).map(([key, value]): [string, WireValue] => [key, toWireValue(value)]);
  // Keys come from outside: assigning `__proto__` would lose it.
  return Object.fromEntries(entries);
}

type WireValue = string | number | boolean | string[] | number[] | boolean[];

function toWireValue(value: AttributeValue): WireValue {
  if (typeof value === 'number') return isKeptAsNumber(value) ? value : String(value);
  return typeof value === 'object' ? toWireArray(value) : value;
}

function toWireArray(
  values: readonly string[] | readonly number[] | readonly boolean[],
): string[] | number[] | boolean[] {
  if (isNumbers(values)) return values.every(isKeptAsNumber) ? [...values] : values.map(String);
  return isBooleans(values) ? [...values] : values.map(String);
}

function isNumbers(values: readonly unknown[]): values is readonly number[] {
  return values.every((value) => typeof value === 'number');
}

function isBooleans(values: readonly unknown[]): values is readonly boolean[] {
  return values.every((value) => typeof value === 'boolean');
}
