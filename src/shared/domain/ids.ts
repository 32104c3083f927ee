declare const brand: unique symbol;

/** A string or number that must not be swapped with another of the same base type. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** 32 lower-case hex digits, not all zero (W3C Trace Context, trace-id). */
export type TraceId = Branded<string, 'TraceId'>;

/** 16 lower-case hex digits, not all zero (W3C Trace Context, parent-id). */
export type SpanId = Branded<string, 'SpanId'>;

/** The key of a server in `mcpServers`. */
export type ServerId = Branded<string, 'ServerId'>;

/** Nanoseconds since 1970-01-01T00:00:00Z. */
export type UnixNano = Branded<bigint, 'UnixNano'>;

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

export function isTraceId(text: string): text is TraceId {
  return TRACE_ID.test(text);
}

export function isSpanId(text: string): text is SpanId {
  return SPAN_ID.test(text);
}

export function unixNano(value: bigint): UnixNano {
  return value as UnixNano;
}

const NANOS_PER_MILLI = 1_000_000n;

export function millisToUnixNano(millis: number): UnixNano {
  return unixNano(BigInt(Math.floor(millis)) * NANOS_PER_MILLI);
}

/** The time from `from` to `to` in milliseconds, with its fraction. */
export function millisBetween(from: UnixNano, to: UnixNano): number {
  return Number(to - from) / 1e6;
}
