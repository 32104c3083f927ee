import type { Cursor } from '../../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload } from '../../shared/domain/redacted.ts';
import type { TrailStep } from '../../shared/domain/redaction.ts';
import type { StoreLimits } from '../port.ts';
import type { PayloadInfo, StoreStats, TraceSummary } from '../../shared/domain/trace.ts';

/** Given to the worker when it starts. */
export interface WorkerSettings {
  readonly file: string | null;
  readonly limits: StoreLimits;
}

/** What the worker can know; the client adds what was dropped before it. */
export type HeldStats = Omit<StoreStats, 'droppedSpans' | 'droppedPayloads'>;

/** What a batch brings of one trace, in the forms in which it is stored (`codec/`). */
export interface TracePart {
  readonly traceId: TraceId;
  readonly spans: string;
  readonly payloads: string;
  readonly texts: string;
}

/** The members of its parts, side by side: strings cross to the worker at a fraction of the cost of objects. */
export interface EncodedBatch {
  readonly traceIds: readonly TraceId[];
  readonly spans: readonly string[];
  readonly payloads: readonly string[];
  readonly texts: readonly string[];
  /** Positions of what somebody else made. */
  readonly foreign?: readonly number[];
}

/** Spans as they are stored, so that the reader can decode them in turns. */
export type SpanChunks = readonly string[];

export interface FeedAnswer {
  readonly cursor: Cursor;
  readonly reset: boolean;
  readonly traces: readonly TraceSummary[];
  readonly removed: readonly TraceId[];
}

export interface WatchAnswer {
  readonly cursor: Cursor;
  readonly reset: boolean;
  readonly summary: TraceSummary | null;
  readonly spans: SpanChunks;
  readonly payloads: readonly PayloadInfo[];
}

export interface DetailAnswer {
  readonly summary: TraceSummary;
  readonly spans: SpanChunks;
  readonly payloads: readonly PayloadInfo[];
}

/** A row of `parts` with its number; `revision` tells whether it is still the same. */
export interface StoredPart extends TracePart {
  readonly partNo: number;
  readonly revision: Cursor;
}

/** Behind which part to go on reading, in which trace. */
export interface StoredPlace {
  readonly traceNo: number;
  readonly partNo: number;
}

export interface StoredPage {
  readonly parts: readonly StoredPart[];
  /** Traces of which nothing more will come. */
  readonly finishedTraces: number;
  /** Null when there is no more. */
  readonly next: StoredPlace | null;
}

/** Every call the worker answers: its argument and its answer. */
export interface Calls {
  flush: { argument: null; answer: null };
  feed: { argument: { cursor: Cursor | null; query: string; limit: number }; answer: FeedAnswer };
  watch: { argument: { traceId: TraceId; cursor: Cursor | null }; answer: WatchAnswer };
  list: { argument: { query: string; limit: number }; answer: readonly TraceSummary[] };
  trace: { argument: { traceId: TraceId }; answer: DetailAnswer | null };
  payload: {
    argument: { traceId: TraceId; spanId: SpanId; direction: PayloadDirection };
    answer: RedactedPayload | null;
  };
  payloads: { argument: { traceId: TraceId }; answer: readonly RedactedPayload[] };
  /** What was last written at `until` or before, in the order of its traces. */
  stored: { argument: { place: StoredPlace; until: Cursor }; answer: StoredPage };
  /** Puts parts in the place of those with their numbers that are still as they were. Answers with the ids of their traces. */
  rewrite: { argument: { parts: readonly StoredPart[] }; answer: string };
  /** Leaves nothing on disk of what was deleted or overwritten. */
  purge: { argument: null; answer: null };
  /** Answers with the ids of the traces that went. */
  retain: { argument: StoreLimits; answer: string };
  moveTo: { argument: { file: string | null }; answer: null };
  trail: { argument: { hash: string }; answer: readonly TrailStep[] };
  note: { argument: { name: string }; answer: string | null };
  keepNote: { argument: { name: string; text: string }; answer: null };
  clear: { argument: null; answer: null };
  close: { argument: null; answer: null };
}

export type CallName = keyof Calls;

export type CallMessage = {
  [Name in CallName]: {
    readonly kind: 'call';
    readonly id: number;
    readonly name: Name;
    readonly argument: Calls[Name]['argument'];
  };
}[CallName];

export type ToWorker = { readonly kind: 'put'; readonly batch: EncodedBatch } | CallMessage;

/** Where the store stands after a message; comes with every reply. */
export interface Position {
  readonly revision: Cursor;
  readonly stats: HeldStats;
}

export interface Failure {
  /** True when `message` is a sentence for the user. */
  readonly isUserError: boolean;
  readonly message: string;
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly position: Position }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | {
      readonly kind: 'stored';
      readonly position: Position;
      /** The ids of traces that changed or went away, with spaces between them. */
      readonly changed: string;
      /** Set when nothing of the batch could be stored. */
      readonly failure: Failure | null;
      /** Bodies whose trace is not in the store (evicted or cleared meanwhile). */
      readonly orphanPayloads: number;
    }
  /** By themselves: they had grown too old. */
  | { readonly kind: 'evicted'; readonly position: Position; readonly changed: string }
  | { readonly kind: 'answer'; readonly id: number; readonly position: Position; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };
