/** Objects of OTLP/JSON, read without trusting any of them. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Numbers and booleans where text should be are read as text; everything else as none. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

const DIGITS = /^\d{1,20}$/;

/** A whole number of up to 64 bits, as a number or its decimal digits; 0 is what cannot be read. */
export function uint64Of(value: unknown): bigint {
  if (typeof value === 'string') return DIGITS.test(value) ? BigInt(value) : 0n;
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

const LARGEST_COUNT = 2 ** 32 - 1;

/** An unsigned number of 32 bits; 0 is what cannot be read. */
export function uint32Of(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return Number.isInteger(number) && (number as number) > 0 && (number as number) <= LARGEST_COUNT
    ? (number as number)
    : 0;
}
