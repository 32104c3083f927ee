import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TraceId } from '../../shared/domain/ids.ts';
import { newLiveTrace, takeIn, type LiveTrace, type PartState } from './live-trace.ts';
import { partBytes } from './sizes.ts';

/** Facts of this many spans are kept in memory (about 20 MB); a trace not among them is read again when it changes. */
const MAX_CACHED_SPANS = 50_000;

/** A trace that has ended seldom changes again, and one of this many spans is read again in no time. */
const SMALL_TRACE_SPANS = 64;

/** Aggregates of the traces that may change, so that a batch need not read the spans already stored. */
export class TraceCache {
  readonly #traces = new Map<TraceId, LiveTrace>();
  readonly #maxSpans: number;
  #cachedSpans = 0;
  readonly #findTrace: StatementSync;
  readonly #partsOfTrace: StatementSync;

  constructor(database: DatabaseSync, maxSpans = MAX_CACHED_SPANS) {
    this.#maxSpans = maxSpans;
    this.#findTrace = database.prepare(
      'SELECT trace_no, created_revision, bytes, facet_set FROM traces WHERE trace_id = ?',
    );
    this.#partsOfTrace = database.prepare(
      'SELECT part_no, spans, payloads, text_bytes FROM parts WHERE trace_no = ? ORDER BY part_no',
    );
  }

  /** The trace if it is in the store. */
  get(traceId: TraceId): LiveTrace | undefined {
    const cached = this.#traces.get(traceId);
    if (cached !== undefined) {
      this.#traces.delete(traceId);
      this.#traces.set(traceId, cached);
      return cached;
    }
    const loaded = this.#load(traceId);
    if (loaded !== undefined) this.add(loaded);
    return loaded;
  }

  add(trace: LiveTrace): void {
    this.#cachedSpans += trace.storedSpans;
    this.#traces.set(trace.traceId, trace);
  }

  delete(traceId: TraceId): void {
    this.#cachedSpans -= this.#traces.get(traceId)?.storedSpans ?? 0;
    this.#traces.delete(traceId);
  }

  clear(): void {
    this.#cachedSpans = 0;
    this.#traces.clear();
  }

  /** `spans` more are stored of a trace that is in here. */
  grew(spans: number): void {
    this.#cachedSpans += spans;
  }

  /** A batch was stored that touched the trace: lets go of it if it is not worth keeping. */
  settle({ traceId, aggregate }: LiveTrace): void {
    if (aggregate.openSpanCount === 0 && aggregate.spanCount <= SMALL_TRACE_SPANS) this.delete(traceId);
  }

  /** Lets go of what was not used for longest. To be called between batches: within one, an aggregate is ahead of its rows. */
  trim(): void {
    for (const traceId of this.#traces.keys()) {
      if (this.#cachedSpans <= this.#maxSpans || this.#traces.size === 1) return;
      this.delete(traceId);
    }
  }

  #load(traceId: TraceId): LiveTrace | undefined {
    const row = this.#findTrace.get(traceId) as TraceRow | undefined;
    if (row === undefined) return undefined;
    const trace = newLiveTrace(traceId, row.trace_no, row.created_revision);
    trace.facetSet = row.facet_set;
    trace.storedBytes = row.bytes;
    for (const part of this.#partsOfTrace.iterate(row.trace_no) as Iterable<PartRow>) loadPart(trace, part);
    trace.aggregate.takeChangedFacets();
    trace.storedSpans = trace.aggregate.spanCount;
    return trace;
  }
}

function loadPart(trace: LiveTrace, { part_no: partNo, spans, payloads, text_bytes }: PartRow): void {
  const state: PartState = {
    spans: 0,
    payloads: 0,
    spanBytes: Buffer.byteLength(spans),
    bytes: partBytes(Buffer.byteLength(spans), Buffer.byteLength(payloads), text_bytes),
  };
  trace.parts.set(partNo, state);
  trace.partBytes += state.bytes;
  takeIn(trace, partNo, { spans, payloads });
}

interface TraceRow {
  readonly trace_no: number;
  readonly created_revision: number;
  readonly bytes: number;
  readonly facet_set: number;
}

interface PartRow {
  readonly part_no: number;
  readonly spans: string;
  readonly payloads: string;
  readonly text_bytes: number;
}
