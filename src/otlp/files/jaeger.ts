import type { Attributes, SpanKind, SpanOrigin, StatusCode } from '../../shared/domain/span.ts';
import { isObject, listOf, objectOf, textOf } from '../decode/json-fields.ts';
import type { JsonObject } from '../decode/json-fields.ts';
import { int64Of } from '../decode/json-values.ts';
import { originOf } from '../decode/otlp-words.ts';
import { PROBLEMS } from '../decode/problems.ts';
import { boundedList, createAttributeBuilder, createBoundedList, MAX_ITEMS } from '../decode/read-attributes.ts';
import type { AttributeBuilder, BoundedList } from '../decode/read-attributes.ts';
import type { RawEvent, RawLink, SpanCollector } from '../decode/span-collector.ts';
import type { WireValue } from '../decode/wire-value.ts';
import type { DecodedTraces } from '../decoded.ts';
import { microsToNanos, paddedId } from './micros.ts';

/**
 * Reads one trace of Jaeger's interface (`data[]` of what `/api/traces` answers and the page downloads). Tags that
 * Jaeger made of OTLP's own fields (`span.kind`, `otel.status_code`, `otel.scope.name`, `w3c.tracestate` ...) become those
 * fields again.
 */
export function* jaegerTrace(trace: JsonObject, collector: SpanCollector): Generator<DecodedTraces> {
  const processes = objectOf(trace['processes']);
  const resources = new Map<string, Attributes>();
  const resourceOf = (span: JsonObject): Attributes => {
    const id = textOf(span['processID']);
    const known = resources.get(id);
    if (known !== undefined && !isObject(span['process'])) return known;
    const own = Object.hasOwn(processes, id) ? objectOf(processes[id]) : {};
    const resource = readProcess(isObject(span['process']) ? span['process'] : own);
    resources.set(id, resource);
    return resource;
  };
  for (const span of listOf(trace['spans'])) {
    if (isObject(span)) readSpan(span, resourceOf(span), collector);
    else collector.reject(PROBLEMS.notASpan);
    if (collector.isFull()) yield collector.take();
  }
}

function readProcess(process: JsonObject): Attributes {
  const attributes = createAttributeBuilder();
  const service = textOf(process['serviceName']);
  if (service !== '') attributes.set('service.name', service);
  addTags(process['tags'], attributes);
  return attributes.built().values;
}

function readSpan(span: JsonObject, resource: Attributes, collector: SpanCollector): void {
  const tags = tagsOf(span['tags']);
  const { parentSpanId, links } = readReferences(span);
  const origin = takeOrigin(tags, resource);
  const kind = takeKind(tags);
  const status = takeStatus(tags);
  const traceState = textOf(takeText(tags, 'w3c.tracestate'));
  const start = microsToNanos(span['startTime']);
  const attributes = createAttributeBuilder();
  for (const [key, value] of tags) {
    if (attributes.isFull()) attributes.drop();
    else attributes.set(key, value);
  }
  const warnings = listOf(span['warnings']).map(textOf);
  if (warnings.length > 0) attributes.set('jaeger.warnings', warnings);
  collector.add(
    {
      traceId: paddedId(span['traceID'], 16),
      spanId: paddedId(span['spanID'], 8),
      parentSpanId,
      parentIsRemote: null,
      traceState,
      name: textOf(span['operationName']),
      kind,
      start,
      end: start + microsToNanos(span['duration']),
      status,
      attributes: attributes.built(),
      events: boundedList(listOf(span['logs']), (log) => readLog(objectOf(log))),
      links,
      dropped: { attributes: 0, events: 0, links: 0 },
    },
    origin,
  );
}

/** The first CHILD_OF within the trace is the parent; all other references are links. */
function readReferences(span: JsonObject): { parentSpanId: string; links: BoundedList<RawLink> } {
  const traceId = paddedId(span['traceID'], 16);
  let parentSpanId = paddedId(span['parentSpanID'], 8);
  const links = createBoundedList<RawLink>();
  for (const reference of listOf(span['references']).map(objectOf)) {
    const target = { traceId: paddedId(reference['traceID'], 16), spanId: paddedId(reference['spanID'], 8) };
    const isParent = reference['refType'] === 'CHILD_OF' && target.traceId === traceId;
    if (isParent && (parentSpanId === '' || parentSpanId === target.spanId)) parentSpanId = target.spanId;
    else if (links.items.length < MAX_ITEMS) links.items.push({ ...target, attributes: refTypeOf(reference) });
    else links.cut += 1;
  }
  return { parentSpanId, links };
}

function refTypeOf(reference: JsonObject) {
  const attributes = createAttributeBuilder();
  const type = textOf(reference['refType']);
  if (type !== '') attributes.set('opentracing.ref_type', type.toLowerCase());
  return attributes.built();
}

function readLog(log: JsonObject): RawEvent {
  const fields = tagsOf(log['fields']);
  const name = textOf(takeText(fields, 'event'));
  const attributes = createAttributeBuilder();
  for (const [key, value] of fields) {
    if (attributes.isFull()) attributes.drop();
    else attributes.set(key, value);
  }
  return { name: name === '' ? 'log' : name, time: microsToNanos(log['timestamp']), attributes: attributes.built() };
}

type Tags = Map<string, WireValue>;

function tagsOf(value: unknown): Tags {
  return new Map(
    listOf(value)
      .filter(isObject)
      .map((tag) => [textOf(tag['key']), tagValue(tag)]),
  );
}

function addTags(value: unknown, attributes: AttributeBuilder): void {
  for (const [key, tag] of tagsOf(value)) {
    if (attributes.isFull()) attributes.drop();
    else attributes.set(key, tag);
  }
}

/** Binary tags are base64 text, as Jaeger writes them. */
function tagValue({ type, value }: JsonObject): WireValue {
  if (type === 'int64') return int64Of(value);
  if (type === 'bool') return value === true || value === 'true';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function takeText(tags: Tags, key: string): WireValue | undefined {
  const value = tags.get(key);
  if (typeof value !== 'string') return undefined;
  tags.delete(key);
  return value;
}

const KINDS: ReadonlyMap<unknown, SpanKind> = new Map<unknown, SpanKind>(
  (['internal', 'server', 'client', 'producer', 'consumer'] as const).map((kind) => [kind, kind]),
);

function takeKind(tags: Tags): SpanKind {
  const kind = KINDS.get(tags.get('span.kind'));
  if (kind !== undefined) tags.delete('span.kind');
  return kind ?? 'internal';
}

/** `error: true` is how OpenTracing says that something failed; Jaeger adds it to what OTLP says. */
function takeStatus(tags: Tags): { code: StatusCode; message: string } {
  const said = takeText(tags, 'otel.status_code');
  const message = textOf(takeText(tags, 'otel.status_description'));
  const error = tags.get('error');
  const isError = said === 'ERROR' || error === true || error === 'true';
  if (isError && (error === true || error === 'true')) tags.delete('error');
  return { code: isError ? 'error' : said === 'OK' ? 'ok' : 'unset', message };
}

function takeOrigin(tags: Tags, resource: Attributes): SpanOrigin {
  const name = takeText(tags, 'otel.scope.name') ?? takeText(tags, 'otel.library.name');
  const version = takeText(tags, 'otel.scope.version') ?? takeText(tags, 'otel.library.version');
  return originOf(resource, textOf(name), textOf(version));
}
