import { unixNano, type SpanId, type TraceId, type UnixNano } from '../../shared/domain/ids.ts';
import type { Finding, RedactedSpan } from '../../shared/domain/redacted.ts';
import type {
  Attributes,
  AttributeValue,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanOrigin,
  SpanRecord,
  StatusCode,
} from '../../shared/domain/span.ts';
import { fromWord, toWord, type Word } from './known-words.ts';

/** Nanoseconds from the beginning of the part; decimal text where a number would not be exact. */
export type Offset = number | string;

/** Names and values in turn. */
export type AttributeRow = readonly (Word | AttributeValue)[];

/**
 * A span as it is written. A parent in the same part is its position there. `flags` is the kind, and REMOTE_PARENT.
 * What few spans have stands in `extra`, which is left out when it is empty.
 */
export type SpanRow = readonly [
  spanId: SpanId,
  parent: SpanId | number | null,
  flags: number,
  name: Word,
  start: Offset,
  end: Offset | null,
  attributes: AttributeRow,
  extra?: SpanExtra,
];

export interface SpanExtra {
  /** Status when it is not `unset` without message. */
  readonly s?: readonly [StatusCode, string | null];
  readonly e?: readonly (readonly [name: Word, time: Offset, AttributeRow])[];
  readonly l?: readonly (readonly [TraceId, SpanId, AttributeRow])[];
  readonly t?: string;
  readonly d?: readonly [attributes: number, events: number, links: number];
  readonly f?: readonly Finding[];
  /** Position among the origins when it is not the first. */
  readonly o?: number;
}

/** Spans of one trace that were stored together: when they began, who made them, and they. */
export type SpanRows = readonly [begin: string, origins: readonly SpanOrigin[], rows: readonly SpanRow[]];

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
const KIND_MASK = 7;
const REMOTE_PARENT = 8;

/** JSON text of spans of one trace; empty when there is none. No span id may occur twice. */
export function encodeSpans(spans: readonly RedactedSpan[]): string {
  const [first] = spans;
  if (first === undefined) return '';
  const writer = new Writer(first.startTime, spans);
  const rows = spans.map((span) => writer.row(span));
  return JSON.stringify([first.startTime.toString(), writer.origins.map(safeOrigin), rows]);
}

class Writer {
  readonly origins: SpanOrigin[] = [];
  readonly #begin: bigint;
  readonly #positions = new Map<SpanId, number>();

  constructor(begin: bigint, spans: readonly RedactedSpan[]) {
    this.#begin = begin;
    for (const [position, { spanId }] of spans.entries()) this.#positions.set(spanId, position);
  }

  row(span: RedactedSpan): SpanRow {
    const parent = span.parentSpanId === null ? null : (this.#positions.get(span.parentSpanId) ?? span.parentSpanId);
    const flags = KINDS.indexOf(span.kind) | (span.parentIsRemote ? REMOTE_PARENT : 0);
    const start = this.#offset(span.startTime);
    const end = span.endTime === null ? null : this.#offset(span.endTime);
    const attributes = attributeRow(span.attributes);
    const extra = this.#extra(span);
    return extra === null
      ? [span.spanId, parent, flags, toWord(span.name), start, end, attributes]
      : [span.spanId, parent, flags, toWord(span.name), start, end, attributes, extra];
  }

  #offset(time: UnixNano): Offset {
    const difference = Number(time - this.#begin);
    return Number.isSafeInteger(difference) ? difference : time.toString();
  }

  #extra(span: RedactedSpan): SpanExtra | null {
    const { status, events, links, dropped, findings } = span;
    const origin = this.#originOf(span.origin);
    const isPlain =
      origin === 0 &&
      status.code === 'unset' &&
      status.message === null &&
      span.traceState === null &&
      events.length === 0 &&
      links.length === 0 &&
      findings.length === 0 &&
      dropped.attributes === 0 &&
      dropped.events === 0 &&
      dropped.links === 0;
    if (isPlain) return null;
    return {
      s: [status.code, status.message],
      e: events.map((event) => [toWord(event.name), this.#offset(event.time), attributeRow(event.attributes)]),
      l: links.map((link) => [link.traceId, link.spanId, attributeRow(link.attributes)]),
      ...(span.traceState === null ? {} : { t: span.traceState }),
      d: [dropped.attributes, dropped.events, dropped.links],
      f: findings,
      o: origin,
    };
  }

  #originOf(origin: SpanOrigin): number {
    const known = this.origins.indexOf(origin);
    return known === -1 ? this.origins.push(origin) - 1 : known;
  }
}

function attributeRow(attributes: Attributes): AttributeRow {
  const row: (Word | AttributeValue)[] = [];
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) row.push(toWord(key), jsonSafe(value));
  }
  return row;
}

function safeOrigin(origin: SpanOrigin): SpanOrigin {
  const resource = Object.entries(origin.resource).map(([key, value]) => [key, jsonSafe(value)] as const);
  return { ...origin, resource: Object.fromEntries(resource) };
}

/** NaN and the infinities become the strings that OTLP/JSON uses for them; JSON.stringify would make them null. */
function jsonSafe(value: AttributeValue): AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  return value.every((item) => typeof item !== 'number' || Number.isFinite(item)) ? value : value.map(String);
}

/** Throws a SyntaxError when the text is not JSON. */
export function parseSpans(text: string): SpanRows {
  return JSON.parse(text) as SpanRows;
}

export function timeOf(begin: bigint, offset: Offset): bigint {
  return typeof offset === 'string' ? BigInt(offset) : begin + BigInt(offset);
}

export function parentOf([, , rows]: SpanRows, row: SpanRow): SpanId | null {
  return typeof row[1] === 'number' ? (rows[row[1]]?.[0] ?? null) : row[1];
}

export function hasRemoteParent(row: SpanRow): boolean {
  return (row[2] & REMOTE_PARENT) !== 0;
}

export function kindOf(row: SpanRow): SpanKind {
  return KINDS[row[2] & KIND_MASK] ?? 'internal';
}

export function originOf([, origins]: SpanRows, row: SpanRow): SpanOrigin {
  const origin = origins[row[7]?.o ?? 0];
  if (origin === undefined) throw new Error('A stored span has no origin.');
  return origin;
}

export function attributesOf(row: AttributeRow): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (let at = 0; at < row.length; at += 2) {
    const key = fromWord(row[at] as Word);
    const value = row[at + 1] as AttributeValue;
    // Assigning to `__proto__` would set the prototype and lose the attribute.
    if (key === '__proto__') Object.defineProperty(attributes, key, { value, enumerable: true });
    else attributes[key] = value;
  }
  return attributes;
}

/** Only what encodeSpans made goes in here, so what comes out has been redacted. */
export function decodeSpans(text: string, traceId: TraceId): RedactedSpan[] {
  if (text === '') return [];
  const part = parseSpans(text);
  const begin = BigInt(part[0]);
  return part[2].map((row) => {
    const extra = row[7];
    const [code, message] = extra?.s ?? ['unset', null];
    const [attributes, events, links] = extra?.d ?? [0, 0, 0];
    const span: SpanRecord & Pick<RedactedSpan, 'findings'> = {
      traceId,
      spanId: row[0],
      parentSpanId: parentOf(part, row),
      parentIsRemote: hasRemoteParent(row),
      traceState: extra?.t ?? null,
      name: fromWord(row[3]),
      kind: kindOf(row),
      startTime: unixNano(timeOf(begin, row[4])),
      endTime: row[5] === null ? null : unixNano(timeOf(begin, row[5])),
      status: { code, message },
      attributes: attributesOf(row[6]),
      events: (extra?.e ?? []).map(([name, time, of]): SpanEvent => ({
        name: fromWord(name),
        time: unixNano(timeOf(begin, time)),
        attributes: attributesOf(of),
      })),
      links: (extra?.l ?? []).map(([linkedTrace, linkedSpan, of]): SpanLink => ({
        traceId: linkedTrace,
        spanId: linkedSpan,
        attributes: attributesOf(of),
      })),
      origin: originOf(part, row),
      dropped: { attributes, events, links },
      findings: extra?.f ?? [],
    };
    return span as RedactedSpan;
  });
}
