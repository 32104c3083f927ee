import type { TraceFeed, TraceFeedRequest, TraceWatch, TraceWatchRequest } from '../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { TrailStep } from '../shared/domain/redaction.ts';
import type { StoreStats, TraceDetail, TraceSummary } from '../shared/domain/trace.ts';

/** Spans as they are now (open or ended) and bodies, to be inserted or to replace what has the same ids. */
export interface StoreBatch {
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly RedactedPayload[];
  /**
   * Somebody else made it: none of its spans replaces one that is there, so that nobody rewrites what the gateway has
   * recorded and what comes twice counts once, and of its bodies only those of spans that are taken are.
   */
  readonly isForeign?: boolean;
  /** What was lost on the way here; counted with what the store itself has to drop. */
  readonly lost?: { readonly spans: number; readonly payloads: number };
}

/** How everything stored is gone through. What is answered as it was given is left as it is. */
export interface Revision {
  span(span: RedactedSpan): RedactedSpan;
  payload(payload: RedactedPayload): RedactedPayload;
  /** Traces that are finished so far. */
  progress(traces: number): void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/**
 * Keeps and finds traces. The implementation runs in a worker; every call but `put` is answered by it in order, after
 * all that was put before.
 *
 * A query that cannot be understood rejects with a UserError whose sentence says what is wrong and where.
 */
export interface TraceStore {
  /** Hands over a batch without waiting. When too much is under way the batch is dropped and counted in the stats. */
  put(batch: StoreBatch): void;
  /** Resolves when all that was put before is stored. */
  flush(): Promise<void>;
  /** See TraceFeedRequest. `signal` ends the wait early with an empty change. */
  feed(request: TraceFeedRequest, signal?: AbortSignal): Promise<TraceFeed>;
  watch(request: TraceWatchRequest, signal?: AbortSignal): Promise<TraceWatch>;
  /** Newest first. */
  list(query: string, limit: number): Promise<readonly TraceSummary[]>;
  trace(traceId: TraceId): Promise<TraceDetail | null>;
  payload(traceId: TraceId, spanId: SpanId, direction: PayloadDirection): Promise<RedactedPayload | null>;
  /** Every payload of a trace, for exports that ask for them. */
  payloads(traceId: TraceId): Promise<readonly RedactedPayload[]>;
  /** Where a secret was hidden, by its hash; oldest first. */
  trail(hash: string): Promise<readonly TrailStep[]>;
  /**
   * Goes through all that was put before, a bounded page at a time and without holding up other calls. Resolves with true
   * when of what was overwritten, then and before, nothing is left on disk; with false when it was ended early.
   */
  revise(revision: Revision): Promise<boolean>;
  /** Puts other limits in force. Resolves when what is over them is gone. */
  retain(limits: StoreLimits): Promise<void>;
  /**
   * Goes on in a file, beside what is in it already, or in memory; all that is stored comes along. A file that is left is
   * deleted. Who follows the store is told of everything once more. Rejects with a UserError, and goes on as it was, when
   * the file cannot be used or `revise` is under way.
   */
  moveTo(file: string | null): Promise<void>;
  /** A few words that are kept with the traces, under a name; null when there are none. */
  note(name: string): Promise<string | null>;
  keepNote(name: string, text: string): Promise<void>;
  clear(): Promise<void>;
  stats(): Promise<StoreStats>;
  /** Stores what was put, closes the database and ends the worker. Idempotent; later calls reject. */
  close(): Promise<void>;
}

/** How much is kept; what is over goes, the oldest whole trace first. */
export interface StoreLimits {
  /** Most bytes of spans and payloads. */
  readonly bytes: number;
  /** Most traces; 0 for any number. */
  readonly traces: number;
  /** Days since a trace began; 0 for any age. */
  readonly days: number;
}

export interface TraceStoreOptions {
  /** The worker's module. */
  readonly workerUrl: URL;
  /** Database file, or null for memory only. */
  readonly file: string | null;
  readonly limits: StoreLimits;
}
