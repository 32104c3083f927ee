import type { SpanKind, SpanOrigin, StatusCode } from '../../shared/domain/span.ts';
import type { DecodedTraces } from '../decoded.ts';
import { idInText } from './ids-in-text.ts';
import { isObject, listOf, objectOf, textOf, uint32Of, uint64Of } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { jsonAttributes } from './json-values.ts';
import { flagsSayRemote, kindOf, originOf, statusOf } from './otlp-words.ts';
import { PROBLEMS } from './problems.ts';
import { boundedList } from './read-attributes.ts';
import type { RawEvent, RawLink, SpanCollector } from './span-collector.ts';

/**
 * Reads one `ResourceSpans` of OTLP/JSON into the collector and hands on a piece whenever there is one. Besides what the
 * specification says it takes snake_case, names of enums, ids in base64, and the `instrumentationLibrarySpans` of old.
 */
export function* jsonResourceSpans(value: unknown, collector: SpanCollector): Generator<DecodedTraces> {
  // A group is work even if it is empty: a body may hold millions of them.
  collector.spend(GROUP_BYTES);
  const group = objectOf(value);
  const resource = jsonAttributes(objectOf(group['resource'])['attributes'], collector.note).values;
  for (const scopeSpans of scopesOf(group)) {
    const scope = objectOf(
      scopeSpans['scope'] ?? scopeSpans['instrumentationLibrary'] ?? scopeSpans['instrumentation_library'],
    );
    const origin = originOf(resource, textOf(scope['name']), textOf(scope['version']));
    for (const span of listOf(scopeSpans['spans'])) {
      readSpan(span, origin, collector);
      if (collector.isFull()) yield collector.take();
    }
  }
  if (collector.isFull()) yield collector.take();
}

const GROUP_BYTES = 100;

function scopesOf(group: JsonObject): readonly JsonObject[] {
  const names = ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'];
  return names.flatMap((name) => listOf(group[name])).map(objectOf);
}

function readSpan(span: unknown, origin: SpanOrigin, collector: SpanCollector): void {
  if (!isObject(span)) {
    collector.reject(PROBLEMS.notASpan);
    return;
  }
  const status = objectOf(span['status']);
  const { note } = collector;
  collector.add(
    {
      traceId: idInText(span['traceId'] ?? span['trace_id'], 16),
      spanId: idInText(span['spanId'] ?? span['span_id'], 8),
      parentSpanId: idInText(span['parentSpanId'] ?? span['parent_span_id'], 8),
      parentIsRemote: flagsSayRemote(uint32Of(span['flags'])),
      traceState: textOf(span['traceState'] ?? span['trace_state']),
      name: textOf(span['name']),
      kind: readKind(span['kind']),
      start: uint64Of(span['startTimeUnixNano'] ?? span['start_time_unix_nano']),
      end: uint64Of(span['endTimeUnixNano'] ?? span['end_time_unix_nano']),
      status: { code: readStatus(status['code']), message: textOf(status['message']) },
      attributes: jsonAttributes(span['attributes'], note),
      events: boundedList(listOf(span['events']), (event) => readEvent(objectOf(event), note)),
      links: boundedList(listOf(span['links']), (link) => readLink(objectOf(link), note)),
      dropped: {
        attributes: uint32Of(span['droppedAttributesCount'] ?? span['dropped_attributes_count']),
        events: uint32Of(span['droppedEventsCount'] ?? span['dropped_events_count']),
        links: uint32Of(span['droppedLinksCount'] ?? span['dropped_links_count']),
      },
    },
    origin,
  );
}

type Note = SpanCollector['note'];

function readEvent(event: JsonObject, note: Note): RawEvent {
  return {
    name: textOf(event['name']),
    time: uint64Of(event['timeUnixNano'] ?? event['time_unix_nano']),
    attributes: jsonAttributes(event['attributes'], note),
  };
}

function readLink(link: JsonObject, note: Note): RawLink {
  return {
    traceId: idInText(link['traceId'] ?? link['trace_id'], 16),
    spanId: idInText(link['spanId'] ?? link['span_id'], 8),
    attributes: jsonAttributes(link['attributes'], note),
  };
}

const KINDS: Readonly<Record<string, SpanKind>> = {
  SPAN_KIND_INTERNAL: 'internal',
  SPAN_KIND_SERVER: 'server',
  SPAN_KIND_CLIENT: 'client',
  SPAN_KIND_PRODUCER: 'producer',
  SPAN_KIND_CONSUMER: 'consumer',
};

function readKind(value: unknown): SpanKind {
  const named = typeof value === 'string' && Object.hasOwn(KINDS, value) ? KINDS[value] : undefined;
  return named ?? kindOf(uint32Of(value));
}

const STATUSES: Readonly<Record<string, StatusCode>> = {
  STATUS_CODE_UNSET: 'unset',
  STATUS_CODE_OK: 'ok',
  STATUS_CODE_ERROR: 'error',
};

function readStatus(value: unknown): StatusCode {
  const named = typeof value === 'string' && Object.hasOwn(STATUSES, value) ? STATUSES[value] : undefined;
  return named ?? statusOf(uint32Of(value));
}
