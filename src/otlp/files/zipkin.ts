import { isSpanId } from '../../shared/domain/ids.ts';
import type { Attributes, SpanKind, SpanOrigin } from '../../shared/domain/span.ts';
import { isObject, listOf, objectOf, textOf } from '../decode/json-fields.ts';
import type { JsonObject } from '../decode/json-fields.ts';
import { originOf } from '../decode/otlp-words.ts';
import { boundedList, createAttributeBuilder, createBoundedList } from '../decode/read-attributes.ts';
import type { AttributeBuilder } from '../decode/read-attributes.ts';
import type { RawEvent, SpanCollector } from '../decode/span-collector.ts';
import { microsToNanos, paddedId } from './micros.ts';

export function isZipkinSpan(value: unknown): value is JsonObject {
  return isObject(value) && typeof value['traceId'] === 'string' && typeof value['id'] === 'string';
}

const KINDS: Readonly<Record<string, SpanKind>> = {
  CLIENT: 'client',
  SERVER: 'server',
  PRODUCER: 'producer',
  CONSUMER: 'consumer',
};

/** Reads one span of Zipkin's JSON, version 2. */
export function zipkinSpan(span: JsonObject, collector: SpanCollector): void {
  const attributes = createAttributeBuilder();
  const tags = new Map(Object.entries(objectOf(span['tags'])).map(([key, value]) => [key, textOf(value)]));
  const origin = takeOrigin(tags, span);
  const status = takeStatus(tags);
  for (const [key, value] of tags) {
    if (attributes.isFull()) attributes.drop();
    else attributes.set(key, value);
  }
  addRemote(objectOf(span['remoteEndpoint']), attributes);
  const kind = textOf(span['kind']);
  const start = microsToNanos(span['timestamp']);
  collector.add(
    {
      traceId: paddedId(span['traceId'], 16),
      ...idsOf(span),
      traceState: '',
      name: textOf(span['name']),
      kind: (Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined) ?? 'internal',
      start,
      end: start + microsToNanos(span['duration']),
      status,
      attributes: attributes.built(),
      events: boundedList(listOf(span['annotations']), (annotation) => readAnnotation(objectOf(annotation))),
      links: createBoundedList(),
      dropped: { attributes: 0, events: 0, links: 0 },
    },
    origin,
  );
}

/**
 * With B3 propagation both ends of a call may have one id (`shared` on the server's). They are two spans here: the
 * server's gets the id with its first bit turned, and the client's as its parent.
 */
function idsOf(span: JsonObject) {
  const id = paddedId(span['id'], 8);
  if (span['shared'] !== true || !isSpanId(id))
    return { spanId: id, parentSpanId: paddedId(span['parentId'], 8), parentIsRemote: null };
  const first = (Number.parseInt(id.slice(0, 1), 16) ^ 8).toString(16);
  return { spanId: first + id.slice(1), parentSpanId: id, parentIsRemote: true };
}

function takeOrigin(tags: Map<string, string>, span: JsonObject): SpanOrigin {
  const local = objectOf(span['localEndpoint']);
  const resource: Record<string, string> = {};
  const service = textOf(local['serviceName']);
  const address = textOf(local['ipv4'] ?? local['ipv6']);
  if (service !== '') resource['service.name'] = service;
  if (address !== '') resource['host.ip'] = address;
  return originOf(resource satisfies Attributes, take(tags, 'otel.scope.name'), take(tags, 'otel.scope.version'));
}

function take(tags: Map<string, string>, key: string): string {
  const value = tags.get(key) ?? '';
  tags.delete(key);
  return value;
}

/** Any `error` tag says that something failed, and often what. */
function takeStatus(tags: Map<string, string>) {
  const said = take(tags, 'otel.status_code');
  const error = tags.get('error');
  if (error === undefined && said !== 'ERROR') return { code: said === 'OK' ? 'ok' : 'unset', message: '' } as const;
  tags.delete('error');
  return { code: 'error', message: error === 'true' ? '' : (error ?? '') } as const;
}

function addRemote(endpoint: JsonObject, attributes: AttributeBuilder): void {
  const service = textOf(endpoint['serviceName']);
  const address = textOf(endpoint['ipv4'] ?? endpoint['ipv6']);
  const port = endpoint['port'];
  if (service !== '') attributes.set('service.peer.name', service);
  if (address !== '') attributes.set('network.peer.address', address);
  if (typeof port === 'number') attributes.set('network.peer.port', port);
}

function readAnnotation(annotation: JsonObject): RawEvent {
  return {
    name: textOf(annotation['value']),
    time: microsToNanos(annotation['timestamp']),
    attributes: { values: {}, cut: 0 },
  };
}
