import type { SpanKind, SpanOrigin, StatusCode } from '../../shared/domain/span.ts';
import type { DecodedTraces } from '../decoded.ts';
import {
  createWireReader,
  fixed32,
  fixed64,
  hexAt,
  isMalformed,
  lengthDelimited,
  messageAt,
  messagesIn,
  readFields,
  uint64At,
  varint,
} from './protobuf-reader.ts';
import type { MessageRange, WireReader } from './protobuf-reader.ts';
import { createProtobufValues } from './protobuf-values.ts';
import type { ProtobufValues } from './protobuf-values.ts';
import { createAttributeBuilder, createBoundedList, MAX_ITEMS } from './read-attributes.ts';
import type { BoundedList } from './read-attributes.ts';
import { flagsSayRemote, kindOf, originOf, statusOf } from './otlp-words.ts';
import { createSpanCollector } from './span-collector.ts';
import type { RawEvent, RawLink, SpanCollector } from './span-collector.ts';

/**
 * Reads `TracesData`, to which `ExportTraceServiceRequest` and Tempo's `Trace` are equal in form, a piece at a time.
 * Throws what `isMalformed` knows when the bytes are something else; what came before was read.
 */
export function* protobufPieces(bytes: Uint8Array): Generator<DecodedTraces> {
  const collector = createSpanCollector();
  try {
    yield* collected(bytes, collector);
  } catch (thrown) {
    if (isMalformed(thrown)) yield collector.take();
    throw thrown;
  }
  yield collector.take();
}

function* collected(bytes: Uint8Array, collector: SpanCollector): Generator<DecodedTraces> {
  const reader = createWireReader(bytes);
  const values = createProtobufValues(reader, collector.note);
  for (const resourceSpans of messagesIn(reader, { start: 0, end: bytes.length }, RESOURCE_SPANS)) {
    collector.spend(GROUP_BYTES);
    for (const { range, origin } of scopesIn(reader, resourceSpans, values)) {
      collector.spend(GROUP_BYTES);
      for (const span of messagesIn(reader, range, SPANS)) {
        readSpan(reader, span, { values, origin, collector });
        if (collector.isFull()) yield collector.take();
      }
      if (collector.isFull()) yield collector.take();
    }
    if (collector.isFull()) yield collector.take();
  }
}

/** A group is work even if it is empty: a body may hold millions of them. */
const GROUP_BYTES = 100;

const RESOURCE_SPANS = lengthDelimited(1);
const RESOURCE = lengthDelimited(1);
const SCOPE_SPANS = lengthDelimited(2);
const RESOURCE_ATTRIBUTES = lengthDelimited(1);
const SCOPE = lengthDelimited(1);
const SPANS = lengthDelimited(2);
const SCOPE_NAME = lengthDelimited(1);
const SCOPE_VERSION = lengthDelimited(2);

interface ScopeRange {
  readonly range: MessageRange;
  readonly origin: SpanOrigin;
}

/** The order of fields is free: who made the spans may stand behind them. */
function* scopesIn(reader: WireReader, resourceSpans: MessageRange, values: ProtobufValues): Generator<ScopeRange> {
  const attributes = createAttributeBuilder();
  for (const resource of messagesIn(reader, resourceSpans, RESOURCE)) {
    for (const range of messagesIn(reader, resource, RESOURCE_ATTRIBUTES)) values.attribute(range, attributes);
  }
  const { values: resource } = attributes.built();
  for (const range of messagesIn(reader, resourceSpans, SCOPE_SPANS)) {
    let name = '';
    let version = '';
    for (const scope of messagesIn(reader, range, SCOPE)) {
      readFields(reader, scope, (tag) => {
        if (tag === SCOPE_NAME) name = reader.string();
        else if (tag === SCOPE_VERSION) version = reader.string();
        else return false;
        return true;
      });
    }
    yield { range, origin: originOf(resource, name, version) };
  }
}

interface SpanPlace {
  readonly values: ProtobufValues;
  readonly origin: SpanOrigin;
  readonly collector: SpanCollector;
}

const SPAN = {
  traceId: lengthDelimited(1),
  spanId: lengthDelimited(2),
  traceState: lengthDelimited(3),
  parentSpanId: lengthDelimited(4),
  name: lengthDelimited(5),
  kind: varint(6),
  start: fixed64(7),
  end: fixed64(8),
  attributes: lengthDelimited(9),
  droppedAttributes: varint(10),
  events: lengthDelimited(11),
  droppedEvents: varint(12),
  links: lengthDelimited(13),
  droppedLinks: varint(14),
  status: lengthDelimited(15),
  flags: fixed32(16),
} as const;

function readSpan(reader: WireReader, range: MessageRange, { values, origin, collector }: SpanPlace): void {
  let [traceId, spanId, traceState, parentSpanId, name] = ['', '', '', '', ''];
  let kind: SpanKind = 'internal';
  let [start, end] = [0n, 0n];
  let flags = 0;
  let status: { code: StatusCode; message: string } = { code: 'unset', message: '' };
  const dropped = { attributes: 0, events: 0, links: 0 };
  const attributes = createAttributeBuilder();
  const events = createBoundedList<RawEvent>();
  const links = createBoundedList<RawLink>();
  readFields(reader, range, (tag, messageEnd) => {
    switch (tag) {
      case SPAN.traceId:
        traceId = hexAt(reader);
        break;
      case SPAN.spanId:
        spanId = hexAt(reader);
        break;
      case SPAN.traceState:
        traceState = reader.string();
        break;
      case SPAN.parentSpanId:
        parentSpanId = hexAt(reader);
        break;
      case SPAN.name:
        name = reader.string();
        break;
      case SPAN.kind:
        kind = kindOf(reader.int32());
        break;
      case SPAN.start:
        start = uint64At(reader);
        break;
      case SPAN.end:
        end = uint64At(reader);
        break;
      case SPAN.attributes:
        values.attribute(messageAt(reader, messageEnd), attributes);
        break;
      case SPAN.droppedAttributes:
        dropped.attributes = reader.uint32();
        break;
      case SPAN.events:
        addTo(events, messageAt(reader, messageEnd), (event) => readEvent(reader, event, values));
        break;
      case SPAN.droppedEvents:
        dropped.events = reader.uint32();
        break;
      case SPAN.links:
        addTo(links, messageAt(reader, messageEnd), (link) => readLink(reader, link, values));
        break;
      case SPAN.droppedLinks:
        dropped.links = reader.uint32();
        break;
      case SPAN.status:
        status = readStatus(reader, messageAt(reader, messageEnd));
        break;
      case SPAN.flags:
        flags = reader.fixed32();
        break;
      default:
        return false;
    }
    return true;
  });
  const parentIsRemote = flagsSayRemote(flags);
  const ids = { traceId, spanId, parentSpanId, parentIsRemote, traceState };
  const shape = { name, kind, start, end, status, attributes: attributes.built(), events, links, dropped };
  collector.add({ ...ids, ...shape }, origin);
}

/** One too many is not read. */
function addTo<T>(list: BoundedList<T>, range: MessageRange, read: (range: MessageRange) => T): void {
  if (list.items.length < MAX_ITEMS) list.items.push(read(range));
  else list.cut += 1;
}

const STATUS_MESSAGE = lengthDelimited(2);
const STATUS_CODE = varint(3);

function readStatus(reader: WireReader, range: MessageRange): { code: StatusCode; message: string } {
  let [code, message]: [StatusCode, string] = ['unset', ''];
  readFields(reader, range, (tag) => {
    if (tag === STATUS_MESSAGE) message = reader.string();
    else if (tag === STATUS_CODE) code = statusOf(reader.int32());
    else return false;
    return true;
  });
  return { code, message };
}

const EVENT_TIME = fixed64(1);
const EVENT_NAME = lengthDelimited(2);
const EVENT_ATTRIBUTES = lengthDelimited(3);

function readEvent(reader: WireReader, range: MessageRange, values: ProtobufValues): RawEvent {
  let name = '';
  let time = 0n;
  const attributes = createAttributeBuilder();
  readFields(reader, range, (tag, end) => {
    if (tag === EVENT_TIME) time = uint64At(reader);
    else if (tag === EVENT_NAME) name = reader.string();
    else if (tag === EVENT_ATTRIBUTES) values.attribute(messageAt(reader, end), attributes);
    else return false;
    return true;
  });
  return { name, time, attributes: attributes.built() };
}

const LINK_TRACE_ID = lengthDelimited(1);
const LINK_SPAN_ID = lengthDelimited(2);
const LINK_ATTRIBUTES = lengthDelimited(4);

function readLink(reader: WireReader, range: MessageRange, values: ProtobufValues): RawLink {
  let [traceId, spanId] = ['', ''];
  const attributes = createAttributeBuilder();
  readFields(reader, range, (tag, end) => {
    if (tag === LINK_TRACE_ID) traceId = hexAt(reader);
    else if (tag === LINK_SPAN_ID) spanId = hexAt(reader);
    else if (tag === LINK_ATTRIBUTES) values.attribute(messageAt(reader, end), attributes);
    else return false;
    return true;
  });
  return { traceId, spanId, attributes: attributes.built() };
}
