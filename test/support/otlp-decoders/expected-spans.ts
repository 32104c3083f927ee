import type { Attributes, AttributeValue, SpanRecord } from '../../../src/shared/domain/span.ts';
import type { ReadAttributes, ReadSpan, ReadValue } from './read-spans.ts';

const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUSES = { unset: 0, ok: 1, error: 2 } as const;

/** Sampled, and it is known where the parent is. */
const FLAGS = 0x101;
const IS_REMOTE = 0x200;

/** What the decoders have to read of a span that was exported, by the specification and not by our encoder. */
export function expectedSpan(span: SpanRecord): ReadSpan {
  if (span.endTime === null) throw new Error('An open span is not exported.');
  return {
    resource: attributesOf(span.origin.resource),
    scope: { name: span.origin.scopeName, version: span.origin.scopeVersion ?? '' },
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    traceState: span.traceState ?? '',
    flags: FLAGS | (span.parentIsRemote ? IS_REMOTE : 0),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: String(span.startTime),
    endTimeUnixNano: String(span.endTime),
    attributes: attributesOf(span.attributes),
    droppedAttributesCount: span.dropped.attributes,
    events: span.events.map(({ time, name, attributes }) => ({
      timeUnixNano: String(time),
      name,
      attributes: attributesOf(attributes),
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: span.dropped.events,
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      traceId,
      spanId,
      traceState: '',
      attributes: attributesOf(attributes),
      droppedAttributesCount: 0,
      flags: FLAGS,
    })),
    droppedLinksCount: span.dropped.links,
    status: { code: STATUSES[span.status.code], message: span.status.message ?? '' },
  };
}

function attributesOf(attributes: Attributes): ReadAttributes {
  return Object.entries(attributes).map(([key, value]) => [key, valueOf(value)]);
}

function valueOf(value: AttributeValue): ReadValue {
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'boolean') return { bool: value };
  if (typeof value !== 'number') return { list: value.map(valueOf) };
  return Number.isInteger(value) ? { int: String(value) } : { double: value };
}
