import protobuf from 'protobufjs/minimal.js';

/** Reads the fields of protobuf messages in place, without classes for them. */
export type WireReader = ReturnType<typeof protobuf.Reader.create>;

/** A part of the bytes that holds one message. */
export interface MessageRange {
  readonly start: number;
  readonly end: number;
}

/** The bytes are no protobuf message. Caught where a body or a file is read. */
export class MalformedProtobuf extends Error {
  override readonly name = 'MalformedProtobuf';
}

export function createWireReader(bytes: Uint8Array): WireReader {
  // A Buffer's reader makes strings natively.
  return protobuf.Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** What stands before a field: its number and how its value is written. */
export const varint = (field: number): number => (field << 3) | VARINT;
export const fixed64 = (field: number): number => (field << 3) | FIXED64;
export const lengthDelimited = (field: number): number => (field << 3) | LENGTH;
export const fixed32 = (field: number): number => (field << 3) | FIXED32;

/**
 * Goes through the fields of a message. `onField` reads the value and says so; else it is skipped, so a field that is
 * written in another way than it should be counts as unknown. Throws what `isMalformed` knows.
 */
export function readFields(
  reader: WireReader,
  { start, end }: MessageRange,
  onField: (tag: number, end: number) => boolean,
): void {
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!onField(tag, end)) skipValue(reader, tag & 7, end);
  }
  // So a wrong length in a value is an error too, and never a read of something else.
  if (reader.pos !== end) throw new MalformedProtobuf('A field reaches beyond its message.');
}

/**
 * The messages in a field that repeats, each found when it is asked for: what comes before a damaged place is good. The
 * reader may be moved in between.
 */
export function* messagesIn(reader: WireReader, { start, end }: MessageRange, wanted: number): Generator<MessageRange> {
  let at = start;
  while (at < end) {
    reader.pos = at;
    const tag = reader.uint32();
    if (tag === wanted) {
      const message = messageAt(reader, end);
      at = message.end;
      yield message;
    } else {
      skipValue(reader, tag & 7, end);
      at = reader.pos;
    }
  }
  if (at !== end) throw new MalformedProtobuf('A field reaches beyond its message.');
}

/** The range of a message that is a field's value; the reader stands behind it then. */
export function messageAt(reader: WireReader, end: number): MessageRange {
  const length = reader.uint32();
  const start = reader.pos;
  if (length > end - start) throw new MalformedProtobuf('A length reaches beyond its message.');
  reader.pos = start + length;
  return { start, end: start + length };
}

/** protobufjs throws a RangeError at the end of the bytes and a plain Error for a number that does not end. */
export function isMalformed(thrown: unknown): boolean {
  return (
    thrown instanceof MalformedProtobuf ||
    thrown instanceof RangeError ||
    (thrown instanceof Error && /^invalid \w+ encoding$/.test(thrown.message))
  );
}

function skipValue(reader: WireReader, wireType: number, end: number): void {
  switch (wireType) {
    case VARINT:
      reader.skip();
      break;
    case FIXED64:
      reader.skip(8);
      break;
    case LENGTH:
      messageAt(reader, end);
      break;
    case FIXED32:
      reader.skip(4);
      break;
    default:
      // Groups, which OTLP never had, and what is no wire type.
      throw new MalformedProtobuf('A field is written in a way that OTLP does not use.');
  }
}

export function hexAt(reader: WireReader): string {
  const bytes = reader.bytes();
  return Buffer.isBuffer(bytes) ? bytes.toString('hex') : Buffer.from(bytes).toString('hex');
}

const HIGH_WORD = 2n ** 32n;

export function uint64At(reader: WireReader): bigint {
  const low = reader.fixed32();
  return BigInt(reader.fixed32()) * HIGH_WORD + BigInt(low);
}

/** A number where that holds the value exactly. */
export function int64At(reader: WireReader): number | bigint {
  const { low, high } = reader.int64();
  const value = high * 2 ** 32 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : BigInt(high) * HIGH_WORD + BigInt(low >>> 0);
}
