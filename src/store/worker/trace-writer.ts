import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';
import type { RedactedPayload } from '../../shared/domain/redacted.ts';
import { parseSpan, type SpanText } from '../span-codec.ts';
import { factsOf } from '../summary/span-facts.ts';
import { TraceAggregate } from '../summary/trace-aggregate.ts';
import { Eviction } from './eviction.ts';
import { FacetIndex } from './facet-index.ts';
import type { EncodedBatch } from './protocol.ts';
import type { RemovedLog } from './removed-log.ts';
import { TRACE_OVERHEAD_BYTES, payloadBytes, spanBytes } from './sizes.ts';
import type { StoreTotals } from './store-totals.ts';
import { UPSERT_SUMMARY, clampTime, upsertValues } from './summary-row.ts';
import { TraceCache, type LiveTrace } from './trace-cache.ts';

export interface StoredBatch {
  readonly changed: readonly TraceId[];
  readonly orphanPayloads: number;
}

/** Traces of the batch in the making and the revision each gets. */
type Touched = Map<TraceId, { readonly trace: LiveTrace; readonly revision: Cursor }>;

/** Puts batches into the database, each in one transaction, with the summaries of the traces it touches. */
export class TraceWriter {
  readonly #database: DatabaseSync;
  readonly #totals: StoreTotals;
  readonly #removed: RemovedLog;
  readonly #cache: TraceCache;
  readonly #facets: FacetIndex;
  readonly #eviction: Eviction;
  readonly #upsertSpan: StatementSync;
  readonly #upsertPayload: StatementSync;
  readonly #upsertSummary: StatementSync;

  constructor(database: DatabaseSync, totals: StoreTotals, removed: RemovedLog) {
    this.#database = database;
    this.#totals = totals;
    this.#removed = removed;
    this.#cache = new TraceCache(database);
    this.#facets = new FacetIndex(database);
    this.#eviction = new Eviction(database, totals, this.#facets);
    this.#upsertSpan = database.prepare(
      `INSERT INTO spans (trace_no, span_id, revision, start_time, is_open, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (trace_no, span_id) DO UPDATE SET
         revision = excluded.revision, start_time = excluded.start_time, is_open = excluded.is_open, body = excluded.body`,
    );
    this.#upsertPayload = database.prepare(
      `INSERT INTO payloads
         (trace_no, span_id, direction, revision, media_type, original_bytes, truncated, finding_count, bytes, findings, text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (trace_no, span_id, direction) DO UPDATE SET
         revision = excluded.revision, media_type = excluded.media_type, original_bytes = excluded.original_bytes,
         truncated = excluded.truncated, finding_count = excluded.finding_count, bytes = excluded.bytes,
         findings = excluded.findings, text = excluded.text`,
    );
    this.#upsertSummary = database.prepare(UPSERT_SUMMARY);
  }

  /** All or nothing: when it throws, nothing of the batch is stored and the store is as before. */
  store(batch: EncodedBatch): StoredBatch {
    const touched: Touched = new Map();
    const stored = this.#transaction(() => {
      for (const text of batch.spans) this.#storeSpan(text, touched);
      let orphanPayloads = 0;
      for (const payload of batch.payloads) if (!this.#storePayload(payload, touched)) orphanPayloads += 1;
      for (const { trace, revision } of touched.values()) this.#storeSummary(trace, revision);
      return { evicted: this.#eviction.makeRoom(), orphanPayloads };
    });
    for (const { traceId, revision } of stored.evicted) {
      this.#cache.delete(traceId);
      this.#removed.add(revision, traceId);
    }
    this.#cache.trim();
    const changed = new Set([...touched.keys(), ...stored.evicted.map((trace) => trace.traceId)]);
    return { changed: [...changed], orphanPayloads: stored.orphanPayloads };
  }

  clear(): void {
    this.#transaction(() => {
      this.#eviction.clear();
    });
    this.#cache.clear();
    this.#facets.forgetAll();
    this.#removed.restart(this.#totals.revision);
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#totals.save();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself, for example when the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#cache.clear();
      this.#facets.reload();
      this.#totals.reload();
      throw error;
    }
  }

  #storeSpan(text: SpanText, touched: Touched): void {
    const span = parseSpan(text);
    const facts = factsOf(span, spanBytes(text));
    const { trace, revision } = this.#touch(span.traceId, touched) ?? this.#begin(span.traceId, touched);
    trace.aggregate.upsertSpan(facts);
    this.#upsertSpan.run(
      trace.traceNo,
      facts.spanId,
      revision,
      clampTime(facts.startTime),
      facts.endTime === null ? 1 : 0,
      text,
    );
  }

  /** False when there is no such trace: it was evicted or cleared while the call was under way. */
  #storePayload(payload: RedactedPayload, touched: Touched): boolean {
    const entry = this.#touch(payload.traceId, touched);
    if (entry === undefined) return false;
    const { trace, revision } = entry;
    const findings = JSON.stringify(payload.findings);
    const bytes = payloadBytes(payload.text, findings);
    const { spanId, direction, originalBytes } = payload;
    trace.aggregate.upsertPayload({ spanId, direction, originalBytes, findingCount: payload.findings.length, bytes });
    this.#upsertPayload.run(
      trace.traceNo,
      spanId,
      direction,
      revision,
      payload.mediaType,
      originalBytes,
      payload.truncated ? 1 : 0,
      payload.findings.length,
      bytes,
      findings,
      payload.text,
    );
    return true;
  }

  #touch(traceId: TraceId, touched: Touched): { trace: LiveTrace; revision: Cursor } | undefined {
    const known = touched.get(traceId);
    if (known !== undefined) return known;
    const trace = this.#cache.get(traceId);
    if (trace === undefined) return undefined;
    const entry = { trace, revision: this.#totals.nextRevision() };
    touched.set(traceId, entry);
    return entry;
  }

  #begin(traceId: TraceId, touched: Touched): { trace: LiveTrace; revision: Cursor } {
    const revision = this.#totals.nextRevision();
    const trace: LiveTrace = {
      traceNo: this.#totals.addTrace(),
      traceId,
      createdRevision: revision,
      aggregate: new TraceAggregate(),
      storedBytes: 0,
      storedSpans: 0,
    };
    this.#cache.add(trace);
    const entry = { trace, revision };
    touched.set(traceId, entry);
    return entry;
  }

  #storeSummary(trace: LiveTrace, revision: Cursor): void {
    const { aggregate, traceNo, createdRevision } = trace;
    const fields = aggregate.summary();
    if (fields === null) throw new Error(`Trace ${trace.traceId} has no span`);
    const bytes = aggregate.bytes + TRACE_OVERHEAD_BYTES;
    this.#totals.addBytes(bytes - trace.storedBytes);
    this.#totals.addSpans(aggregate.spanCount - trace.storedSpans);
    this.#cache.grew(aggregate.spanCount - trace.storedSpans);
    trace.storedBytes = bytes;
    trace.storedSpans = aggregate.spanCount;
    this.#upsertSummary.run(
      ...upsertValues(
        trace.traceId,
        revision,
        {
          traceNo,
          createdRevision,
          exceptionCount: aggregate.exceptionCount,
          payloadCount: aggregate.payloadCount,
          bytes,
        },
        fields,
      ),
    );
    this.#facets.apply(traceNo, aggregate.takeFacetChanges());
  }
}
