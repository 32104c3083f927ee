import {
  createWireReader,
  fixed64,
  isMalformed,
  lengthDelimited,
  messageAt,
  messagesIn,
  readFields,
} from '../decode/protobuf-reader.ts';
import type { MessageRange, WireReader } from '../decode/protobuf-reader.ts';
import type { OtherSignal } from './known-documents.ts';

/**
 * `wrapped`: Tempo's answer to a query by id, with the trace in its first field. `damaged`: it begins like one of these and
 * then does not go on like it. Null: nothing that is known.
 */
export type ProtobufShape = 'traces' | 'wrapped' | 'damaged' | OtherSignal | null;

const FIRST = lengthDelimited(1);
const SECOND = lengthDelimited(2);

/**
 * What protobuf bytes hold. Traces, logs and metrics have the same outer form (resource, scope, records), so the first
 * record decides.
 */
export function protobufShape(bytes: Uint8Array): ProtobufShape {
  const reader = createWireReader(bytes);
  try {
    const outer = firstOf(reader, { start: 0, end: bytes.length }, FIRST);
    if (outer === null) return null;
    const scope = firstOf(reader, outer, SECOND);
    if (scope !== null) return recordShape(reader, firstOf(reader, scope, SECOND));
    const inner = firstOf(reader, outer, FIRST);
    if (inner === null) return 'traces';
    return firstOf(reader, inner, SECOND) === null ? 'traces' : 'wrapped';
  } catch (thrown) {
    if (isMalformed(thrown)) return bytes[0] === FIRST ? 'damaged' : null;
    throw thrown;
  }
}

const TRACE_ID_BYTES = 16;
const LOG_TIME = fixed64(1);
const SPAN_START = fixed64(7);

/** A span begins with its trace id and has its start in field 7; a log record has a time, a metric its name first. */
function recordShape(reader: WireReader, record: MessageRange | null): ProtobufShape {
  if (record === null) return 'traces';
  const seen = new Set<number>();
  let nameLength = TRACE_ID_BYTES;
  readFields(reader, record, (tag, end) => {
    seen.add(tag);
    if (tag !== FIRST) return false;
    const name = messageAt(reader, end);
    nameLength = name.end - name.start;
    return true;
  });
  if (seen.has(LOG_TIME)) return 'logs';
  return nameLength !== TRACE_ID_BYTES && !seen.has(SPAN_START) ? 'metrics' : 'traces';
}

function firstOf(reader: WireReader, message: MessageRange, wanted: number): MessageRange | null {
  const first = messagesIn(reader, message, wanted).next();
  return first.done === true ? null : first.value;
}

/** The trace in Tempo's answer. */
export function unwrapped(bytes: Uint8Array): Uint8Array {
  const reader = createWireReader(bytes);
  const range = firstOf(reader, { start: 0, end: bytes.length }, FIRST);
  return range === null ? bytes : bytes.subarray(range.start, range.end);
}
