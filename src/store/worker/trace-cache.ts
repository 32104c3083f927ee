import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { PayloadDirection } from '../../shared/domain/redacted.ts';
import { parseSpan } from '../span-codec.ts';
import { factsOf } from '../summary/span-facts.ts';
import { TraceAggregate } from '../summary/trace-aggregate.ts';
import { spanBytes } from './sizes.ts';

export interface LiveTrace {
  readonly traceNo: number;
  readonly traceId: TraceId;
  readonly createdRevision: number;
  readonly aggregate: TraceAggregate;
  /** What the trace's row says. */
  storedBytes: number;
  storedSpans: number;
}

/** Facts of this many spans are kept in memory (about 20 MB); a trace not among them is read again when it changes. */
const MAX_CACHED_SPANS = 50_000;

/** Aggregates of the traces that changed last, so that a batch need not read the spans already stored. */
export class TraceCache {
  readonly #traces = new Map<TraceId, LiveTrace>();
  readonly #maxSpans: number;
  #cachedSpans = 0;
  readonly #findTrace: StatementSync;
  readonly #spansOfTrace: StatementSync;
  readonly #payloadsOfTrace: StatementSync;

  constructor(database: DatabaseSync, maxSpans = MAX_CACHED_SPANS) {
    this.#maxSpans = maxSpans;
    this.#findTrace = database.prepare('SELECT trace_no, created_revision, bytes FROM traces WHERE trace_id = ?');
    this.#spansOfTrace = database.prepare('SELECT body FROM spans WHERE trace_no = ?');
    this.#payloadsOfTrace = database.prepare(
      'SELECT span_id, direction, original_bytes, finding_count, bytes FROM payloads WHERE trace_no = ?',
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

  /** Lets go of what was not used for longest. To be called between batches: within one, an aggregate is ahead of its rows. */
  trim(): void {
    for (const traceId of this.#traces.keys()) {
      if (this.#cachedSpans <= this.#maxSpans || this.#traces.size === 1) return;
      this.delete(traceId);
    }
  }

  #load(traceId: TraceId): LiveTrace | undefined {
    const row = this.#findTrace.get(traceId) as
      { trace_no: number; created_revision: number; bytes: number } | undefined;
    if (row === undefined) return undefined;
    const aggregate = new TraceAggregate();
    for (const { body } of this.#spansOfTrace.iterate(row.trace_no) as Iterable<{ body: string }>) {
      aggregate.upsertSpan(factsOf(parseSpan(body), spanBytes(body)));
    }
    for (const payload of this.#payloadsOfTrace.iterate(row.trace_no) as Iterable<PayloadFactsRow>) {
      aggregate.upsertPayload({
        spanId: payload.span_id,
        direction: payload.direction,
        originalBytes: payload.original_bytes,
        findingCount: payload.finding_count,
        bytes: payload.bytes,
      });
    }
    aggregate.takeFacetChanges();
    return {
      traceNo: row.trace_no,
      traceId,
      createdRevision: row.created_revision,
      aggregate,
      storedBytes: row.bytes,
      storedSpans: aggregate.spanCount,
    };
  }
}

interface PayloadFactsRow {
  readonly span_id: SpanId;
  readonly direction: PayloadDirection;
  readonly original_bytes: number;
  readonly finding_count: number;
  readonly bytes: number;
}
