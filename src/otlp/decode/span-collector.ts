import { isSpanId, isTraceId, unixNano } from '../../shared/domain/ids.ts';
import type { UnixNano } from '../../shared/domain/ids.ts';
import type { Attributes, SpanEvent, SpanKind, SpanLink, SpanOrigin, StatusCode } from '../../shared/domain/span.ts';
import type { DecodedPayload, DecodedSpan, DecodedTraces } from '../decoded.ts';
import type { BoundedList, ReadAttributes } from './read-attributes.ts';
import { restoreRecorded } from './recorded-attributes.ts';
import { PROBLEMS } from './problems.ts';

/** A span as a format says it, before anybody has looked whether it can be taken. Empty text is what was not said. */
export interface RawSpan {
  /** In lower-case hex. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** Null: not said. */
  readonly parentIsRemote: boolean | null;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Nanoseconds since 1970; 0 is what was not said. */
  readonly start: bigint;
  readonly end: bigint;
  readonly status: { readonly code: StatusCode; readonly message: string };
  readonly attributes: ReadAttributes;
  readonly events: BoundedList<RawEvent>;
  readonly links: BoundedList<RawLink>;
  readonly dropped: { readonly attributes: number; readonly events: number; readonly links: number };
}

export interface RawEvent {
  readonly name: string;
  readonly time: bigint;
  readonly attributes: ReadAttributes;
}

export interface RawLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: ReadAttributes;
}

/** How much is collected before a piece is handed on, in attributes, events and links: about 3 ms of work. */
const PIECE_WEIGHT = 3_000;
const SPAN_WEIGHT = 8;
const BYTES_OF_WEIGHT = 100;

/** Gathers what a format's reader finds, a piece at a time. */
export interface SpanCollector {
  add(span: RawSpan, origin: SpanOrigin): void;
  /** A span that could not be taken. */
  reject(problem: string): void;
  /** Something that was read in part. Said once in a piece however often it happens. */
  note(problem: string): void;
  /** Counts the reading of so many bytes of text as work. */
  spend(bytes: number): void;
  /** True when it is time to hand on a piece. */
  isFull(): boolean;
  /** What was gathered since the last time. */
  take(): DecodedTraces;
}

export function createSpanCollector(): SpanCollector {
  let spans: DecodedSpan[] = [];
  let payloads: DecodedPayload[] = [];
  let problems = new Set<string>();
  let rejectedSpans = 0;
  let weight = 0;

  const note = (problem: string): void => {
    problems.add(problem);
  };

  const reject = (problem: string): void => {
    rejectedSpans += 1;
    weight += SPAN_WEIGHT;
    problems.add(problem);
  };

  return {
    add(raw, origin) {
      const { traceId, spanId } = raw;
      if (!isTraceId(traceId)) {
        reject(PROBLEMS.traceId);
        return;
      }
      if (!isSpanId(spanId)) {
        reject(PROBLEMS.spanId);
        return;
      }
      const parentSpanId = parentOf(raw.parentSpanId, note);
      const { startTime, endTime } = timesOf(raw, note);
      const recorded = restoreRecorded(raw.attributes.values, { traceId, spanId });
      const events = raw.events.items.map((event) => toEvent(event, startTime, note));
      const links = raw.links.items.flatMap((link) => toLink(link, note));
      const record = {
        traceId,
        spanId,
        parentSpanId,
        parentIsRemote: parentSpanId !== null && (raw.parentIsRemote ?? isUsuallyRemote(raw.kind)),
        traceState: raw.traceState === '' ? null : raw.traceState,
        name: raw.name,
        kind: raw.kind,
        startTime,
        endTime,
        status: { code: raw.status.code, message: raw.status.message === '' ? null : raw.status.message },
        attributes: recorded.attributes,
        events,
        links,
        origin,
        dropped: {
          attributes: raw.dropped.attributes + raw.attributes.cut,
          events: raw.dropped.events + raw.events.cut,
          links: raw.dropped.links + raw.links.cut + raw.links.items.length - links.length,
        },
      };
      if (raw.attributes.cut > 0 || raw.events.cut > 0 || raw.links.cut > 0) note(PROBLEMS.items);
      spans.push({ record, findings: recorded.findings });
      payloads.push(...recorded.payloads);
      weight += weightOf(raw);
    },
    reject,
    note,
    spend(bytes) {
      weight += bytes / BYTES_OF_WEIGHT;
    },
    isFull: () => weight >= PIECE_WEIGHT,
    take() {
      const piece = { spans, payloads, rejectedSpans, problems: [...problems] };
      spans = [];
      payloads = [];
      problems = new Set();
      rejectedSpans = 0;
      weight = 0;
      return piece;
    },
  };
}

type Note = (problem: string) => void;

/** An id of zeros is how some say that there is no parent. */
function parentOf(id: string, note: Note) {
  if (isSpanId(id)) return id;
  if (id !== '' && id !== '0000000000000000') note(PROBLEMS.parentId);
  return null;
}

/** Without the flag that says it: who serves or consumes was asked by somebody, usually by another process. */
function isUsuallyRemote(kind: SpanKind): boolean {
  return kind === 'server' || kind === 'consumer';
}

/** What a database keeps: signed 64 bits, up to the year 2262. */
const LATEST = 2n ** 63n - 1n;

function readTime(time: bigint, note: Note): bigint {
  if (time <= LATEST) return time;
  note(PROBLEMS.farTime);
  return 0n;
}

/**
 * Nobody sends spans that are still open, so one without an end has ended: as an open one it would wait forever for
 * somebody to end it, and could not leave again.
 */
function timesOf(raw: RawSpan, note: Note): { startTime: UnixNano; endTime: UnixNano } {
  const start = readTime(raw.start, note);
  const end = readTime(raw.end, note);
  if (start === 0n) note(end === 0n ? PROBLEMS.noTime : PROBLEMS.noStart);
  else if (end === 0n) note(PROBLEMS.noEnd);
  else if (end < start) note(PROBLEMS.endFirst);
  const startTime = unixNano(start === 0n ? end : start);
  return { startTime, endTime: end < startTime ? startTime : unixNano(end) };
}

function toEvent(event: RawEvent, spanStart: UnixNano, note: Note): SpanEvent {
  const time = readTime(event.time, note);
  return { name: event.name, time: time === 0n ? spanStart : unixNano(time), attributes: event.attributes.values };
}

function toLink({ traceId, spanId, attributes }: RawLink, note: Note): readonly SpanLink[] {
  if (isTraceId(traceId) && isSpanId(spanId)) return [{ traceId, spanId, attributes: attributes.values }];
  note(PROBLEMS.linkId);
  return [];
}

function weightOf(span: RawSpan): number {
  let weight = SPAN_WEIGHT + sizeOf(span.attributes.values);
  for (const event of span.events.items) weight += 2 + sizeOf(event.attributes.values);
  for (const link of span.links.items) weight += 2 + sizeOf(link.attributes.values);
  return weight;
}

function sizeOf(attributes: Attributes): number {
  return Object.keys(attributes).length;
}
