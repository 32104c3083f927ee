import { MAX_ITEMS } from './read-attributes.ts';
import type { AttributeBuilder } from './read-attributes.ts';
import { fixed64, int64At, lengthDelimited, messageAt, readFields, varint } from './protobuf-reader.ts';
import type { MessageRange, WireReader } from './protobuf-reader.ts';
import { PROBLEMS } from './problems.ts';
import { MAX_VALUE_DEPTH } from './wire-value.ts';
import type { WireValue } from './wire-value.ts';

const KEY = lengthDelimited(1);
const VALUE = lengthDelimited(2);

const ANY = {
  text: lengthDelimited(1),
  bool: varint(2),
  int: varint(3),
  double: fixed64(4),
  array: lengthDelimited(5),
  map: lengthDelimited(6),
  bytes: lengthDelimited(7),
} as const;

const LIST_VALUES = lengthDelimited(1);

export interface ProtobufValues {
  /** Reads a `KeyValue`; one too many is skipped and counted. */
  attribute(range: MessageRange, into: AttributeBuilder): void;
}

export function createProtobufValues(reader: WireReader, note: (problem: string) => void): ProtobufValues {
  /** Items in the lists and maps of the attribute that is being read. */
  let items = 0;

  function readKeyValue(range: MessageRange, depth: number): { key: string; value: WireValue } {
    let key = '';
    let value: WireValue = null;
    readFields(reader, range, (tag, end) => {
      if (tag === KEY) key = reader.string();
      else if (tag === VALUE) value = readValue(messageAt(reader, end), depth);
      else return false;
      return true;
    });
    return { key, value };
  }

  /** Of several contents the last one counts. */
  function readValue(range: MessageRange, depth: number): WireValue {
    let value: WireValue = null;
    readFields(reader, range, (tag, end) => {
      if (tag === ANY.array || tag === ANY.map) {
        value = readNested(messageAt(reader, end), depth + 1, tag === ANY.map);
        return true;
      }
      const scalar = readScalar(reader, tag);
      if (scalar === undefined) return false;
      value = scalar;
      return true;
    });
    return value;
  }

  function readNested(range: MessageRange, depth: number, isMap: boolean): WireValue {
    if (depth > MAX_VALUE_DEPTH) {
      note(PROBLEMS.depth);
      return null;
    }
    const list: WireValue[] = [];
    const map = new Map<string, WireValue>();
    readFields(reader, range, (tag, end) => {
      if (tag !== LIST_VALUES) return false;
      const item = messageAt(reader, end);
      items += 1;
      if (items > MAX_ITEMS) note(PROBLEMS.items);
      else if (isMap) {
        const { key, value } = readKeyValue(item, depth);
        map.set(key, value);
      } else list.push(readValue(item, depth));
      return true;
    });
    return isMap ? map : list;
  }

  return {
    attribute(range, into) {
      if (into.isFull()) {
        into.drop();
        return;
      }
      items = 0;
      const { key, value } = readKeyValue(range, 0);
      into.set(key, value);
    },
  };
}

/** Undefined for what is no scalar; nothing is read then. */
function readScalar(reader: WireReader, tag: number): WireValue | undefined {
  switch (tag) {
    case ANY.text:
      return reader.string();
    case ANY.bool:
      return reader.bool();
    case ANY.int:
      return int64At(reader);
    case ANY.double:
      return reader.double();
    case ANY.bytes:
      // A copy: a small value must not keep the whole body in memory.
      return Uint8Array.from(reader.bytes());
    default:
      return undefined;
  }
}
