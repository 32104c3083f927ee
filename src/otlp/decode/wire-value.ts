import type { AttributeValue } from '../../shared/domain/span.ts';

/**
 * An OTLP `AnyValue` as it was read: `bigint` is an integer that a number cannot hold exactly, `null` a value without
 * content, a map a `kvlistValue`.
 */
export type WireValue =
  string | number | bigint | boolean | null | Uint8Array | readonly WireValue[] | ReadonlyMap<string, WireValue>;

/** Values nested deeper than this become `null`; protobuf's own readers give up at 100 levels. */
export const MAX_VALUE_DEPTH = 32;

/**
 * The value as a span keeps it. What has no place there is text, so that it can be read and is the same after the next
 * export and import: integers that a number cannot hold in their digits, NaN and the infinities by name, bytes in base64,
 * maps and lists of mixed content as JSON, a value without content as the empty text.
 */
export function toAttributeValue(value: WireValue): AttributeValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const scalar = toScalar(value);
  if (scalar !== null) return scalar;
  return Array.isArray(value) ? toList(value as readonly WireValue[]) : toJsonText(value);
}

/** Null for lists and maps. */
function toScalar(value: WireValue): string | number | boolean | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      // Adding 0 makes 0 of -0, which neither a database nor an export keeps.
      return isKeptAsNumber(value) ? value + 0 : String(value);
    case 'bigint':
      return String(value);
    default:
      if (value === null) return '';
      return value instanceof Uint8Array ? toBase64(value) : null;
  }
}

/**
 * Other numbers cannot leave as OTLP and come back as they were: the encoder writes whole numbers as 64-bit integers,
 * and JSON has no NaN.
 */
export function isKeptAsNumber(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function toList(values: readonly WireValue[]): AttributeValue {
  const scalars: (string | number | boolean)[] = [];
  for (const value of values) {
    const scalar = value === null ? null : toScalar(value);
    if (scalar === null) return toJsonText(values);
    scalars.push(scalar);
  }
  if (isAll(scalars, 'number') || isAll(scalars, 'boolean') || isAll(scalars, 'string')) return scalars;
  // Numbers of which some cannot be kept as such are all text then; other mixtures keep their types in JSON.
  return values.every((value) => typeof value === 'number' || typeof value === 'bigint')
    ? scalars.map(String)
    : toJsonText(values);
}

function isAll(values: readonly unknown[], type: 'number'): values is readonly number[];
function isAll(values: readonly unknown[], type: 'boolean'): values is readonly boolean[];
function isAll(values: readonly unknown[], type: 'string'): values is readonly string[];
function isAll(values: readonly unknown[], type: string): boolean {
  return values.every((value) => typeof value === type);
}

/** Integers keep all their digits, which JSON allows. */
function toJsonText(value: WireValue): string {
  const parts: string[] = [];
  writeJson(value, parts);
  return parts.join('');
}

function writeJson(value: WireValue, parts: string[]): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') parts.push(String(value));
  else if (typeof value === 'number') parts.push(Number.isFinite(value) ? JSON.stringify(value) : `"${String(value)}"`);
  else if (typeof value === 'string') parts.push(JSON.stringify(value));
  else if (value instanceof Uint8Array) parts.push(JSON.stringify(toBase64(value)));
  else if (value instanceof Map) writeObject(value, parts);
  else writeArray(value as readonly WireValue[], parts);
}

function writeArray(values: readonly WireValue[], parts: string[]): void {
  parts.push('[');
  for (const [index, item] of values.entries()) {
    if (index > 0) parts.push(',');
    writeJson(item, parts);
  }
  parts.push(']');
}

function writeObject(values: ReadonlyMap<string, WireValue>, parts: string[]): void {
  parts.push('{');
  let isFirst = true;
  for (const [key, item] of values) {
    if (!isFirst) parts.push(',');
    isFirst = false;
    parts.push(JSON.stringify(key), ':');
    writeJson(item, parts);
  }
  parts.push('}');
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
