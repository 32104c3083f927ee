import { textOf } from '../decode/json-fields.ts';

/** Microseconds, as Jaeger and Zipkin write times, with their fraction if there is one; 0 is what cannot be read. */
export function microsToNanos(value: unknown): bigint {
  const micros = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof micros !== 'number' || !(micros > 0) || micros > Number.MAX_SAFE_INTEGER) return 0n;
  const whole = Math.trunc(micros);
  return BigInt(whole) * 1_000n + BigInt(Math.round((micros - whole) * 1_000));
}

const HEX = /^[0-9a-f]+$/i;

/** An id in hex of which leading zeros were left out, as Jaeger does, or of half the length, as Zipkin's may be. */
export function paddedId(value: unknown, bytes: 8 | 16): string {
  const id = textOf(value);
  if (id === '' || id.length > bytes * 2 || !HEX.test(id)) return id;
  return id.toLowerCase().padStart(bytes * 2, '0');
}
