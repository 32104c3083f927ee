import type { TraceId } from './ids.ts';
import type { PayloadInfo, StoreStats, TraceSummary } from './trace.ts';
import type { RedactedSpan } from './redacted.ts';

/**
 * A position in the stream of changes: the highest revision already seen. Callers pull: they ask for what came after
 * their cursor, wait at most `waitMs` for something to come, draw it, and ask again. A slow caller so gets fewer, larger
 * answers instead of a growing queue.
 */
export type Cursor = number;

export interface TraceFeedRequest {
  /** Null asks for a snapshot. */
  readonly cursor: Cursor | null;
  /** Filter in the query language; empty matches all. */
  readonly query: string;
  /** Most traces in a snapshot, newest first. */
  readonly limit: number;
  /** How long to wait for a change, in milliseconds; 0 answers at once. */
  readonly waitMs: number;
}

export interface TraceFeed {
  readonly cursor: Cursor;
  /** True: forget what you had, `traces` is the whole list. False: merge `traces`, drop `removed`. */
  readonly reset: boolean;
  /** Newest first. */
  readonly traces: readonly TraceSummary[];
  /** Evicted, cleared, or no longer matching the query; ids the caller never had may be among them. */
  readonly removed: readonly TraceId[];
  readonly stats: StoreStats;
}

export interface TraceWatchRequest {
  readonly traceId: TraceId;
  readonly cursor: Cursor | null;
  readonly waitMs: number;
}

/** What changed in one trace. */
export interface TraceWatch {
  readonly cursor: Cursor;
  readonly reset: boolean;
  /** Null when the trace is not (or no longer) in the store. */
  readonly summary: TraceSummary | null;
  /** All spans after a reset, else only those that changed; each replaces the one with its id. */
  readonly spans: readonly RedactedSpan[];
  /** All payloads after a reset, else only new ones. */
  readonly payloads: readonly PayloadInfo[];
}
