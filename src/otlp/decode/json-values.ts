import { createAttributeBuilder, MAX_ITEMS } from './read-attributes.ts';
import type { ReadAttributes } from './read-attributes.ts';
import { isObject, listOf, objectOf, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { PROBLEMS } from './problems.ts';
import { MAX_VALUE_DEPTH } from './wire-value.ts';
import type { WireValue } from './wire-value.ts';

type Note = (problem: string) => void;

/** Of the attribute that is being read. */
interface Reading {
  readonly note: Note;
  /** Items in its lists and maps. */
  items: number;
}

/** A list of `KeyValue`; without one there are no attributes. */
export function jsonAttributes(value: unknown, note: Note): ReadAttributes {
  const attributes = createAttributeBuilder();
  for (const entry of listOf(value)) {
    if (attributes.isFull()) attributes.drop();
    else if (isObject(entry)) attributes.set(textOf(entry['key']), readValue(entry['value'], 0, { note, items: 0 }));
  }
  return attributes.built();
}

/** An `AnyValue`. Also taken is a bare value, which it never is by the specification. */
function readValue(value: unknown, depth: number, reading: Reading): WireValue {
  if (!isObject(value)) return typeof value === 'string' || typeof value === 'boolean' ? value : numberOf(value);
  const text = value['stringValue'] ?? value['string_value'];
  if (text !== undefined && text !== null) return textOf(text);
  const whole = value['intValue'] ?? value['int_value'];
  if (whole !== undefined && whole !== null) return int64Of(whole);
  const bool = value['boolValue'] ?? value['bool_value'];
  if (bool !== undefined && bool !== null) return bool === true || bool === 'true';
  const double = value['doubleValue'] ?? value['double_value'];
  if (double !== undefined && double !== null) return doubleOf(double);
  const bytes = value['bytesValue'] ?? value['bytes_value'];
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : readNested(value, depth + 1, reading);
}

function readNested(value: JsonObject, depth: number, reading: Reading): WireValue {
  const array = value['arrayValue'] ?? value['array_value'];
  const map = value['kvlistValue'] ?? value['kvlist_value'];
  if (!isObject(array) && !isObject(map)) return null;
  if (depth > MAX_VALUE_DEPTH) {
    reading.note(PROBLEMS.depth);
    return null;
  }
  if (isObject(array)) return itemsOf(array, reading).map((item) => readValue(item, depth, reading));
  const entries = itemsOf(objectOf(map), reading).filter(isObject);
  return new Map(entries.map((entry) => [textOf(entry['key']), readValue(entry['value'], depth, reading)]));
}

function itemsOf(list: JsonObject, reading: Reading): readonly unknown[] {
  const all = listOf(list['values']);
  const taken = all.slice(0, Math.max(0, MAX_ITEMS - reading.items));
  if (taken.length < all.length) reading.note(PROBLEMS.items);
  reading.items += taken.length;
  return taken;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

const INTEGER = /^-?\d{1,19}$/;

/** An integer as a number or its decimal digits; what is neither stays text. */
export function int64Of(value: unknown): WireValue {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !INTEGER.test(value)) return textOf(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

const DOUBLE = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** NaN and the infinities are words in JSON. */
function doubleOf(value: unknown): WireValue {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DOUBLE.test(value) ? Number(value) : textOf(value);
}
