import type { TraceFeed, TraceFeedRequest, TraceWatch, TraceWatchRequest } from '../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { TrailStep } from '../shared/domain/redaction.ts';
import type { StoreStats, TraceDetail, TraceSummary } from '../shared/domain/trace.ts';

/** Spans as they are now (open or ended) and bodies, to be inserted or to replace what has the same ids. */
export interface StoreBatch {
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly RedactedPayload[];
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
  /** A few words that are kept with the traces, under a name; null when there are none. */
  note(name: string): Promise<string | null>;
  keepNote(name: string, text: string): Promise<void>;
  clear(): Promise<void>;
  stats(): Promise<StoreStats>;
  /** Stores what was put, closes the database and ends the worker. Idempotent; later calls reject. */
  close(): Promise<void>;
}

export interface TraceStoreOptions {
  /** The worker's module. */
  readonly workerUrl: URL;
  /** Database file, or null for memory only. */
  readonly file: string | null;
  /** Most bytes of spans and payloads kept; the oldest whole trace goes first. */
  readonly budgetBytes: number;
}
