import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';
import { parsePayloads } from '../codec/payload-rows.ts';
import { Eviction, type EvictedTrace, type Now } from './eviction.ts';
import { FacetSets } from './facet-sets.ts';
import { newLiveTrace, takeIn, type LiveTrace } from './live-trace.ts';
import type { EncodedBatch, StoredPart, TracePart } from './protocol.ts';
import { onlyNew } from './only-new.ts';
import type { RemovedLog } from './removed-log.ts';
import type { SecretTrail } from './secret-trail.ts';
import { TRACE_OVERHEAD_BYTES } from './sizes.ts';
import type { StoreTotals } from './store-totals.ts';
import { UPSERT_SUMMARY, upsertValues } from './summary-row.ts';
import { TraceCache } from './trace-cache.ts';
import { TraceParts } from './trace-parts.ts';

export interface StoredBatch {
  /** With spaces between them; a trace may be named twice. */
  readonly changed: string;
  readonly orphanPayloads: number;
}

/** Traces of the batch in the making and the revision each gets. */
type Touched = Map<TraceId, { readonly trace: LiveTrace; readonly revision: Cursor }>;

/** Puts batches into the database, each in one transaction, with the summaries of the traces it touches. */
export class TraceWriter {
  readonly #database: DatabaseSync;
  readonly #totals: StoreTotals;
  readonly #removed: RemovedLog;
  readonly #trail: SecretTrail;
  readonly #cache: TraceCache;
  readonly #facets: FacetSets;
  readonly #eviction: Eviction;
  readonly #parts: TraceParts;
  readonly #upsertSummary: StatementSync;

  constructor(database: DatabaseSync, totals: StoreTotals, removed: RemovedLog, trail: SecretTrail, now: Now) {
    this.#database = database;
    this.#totals = totals;
    this.#removed = removed;
    this.#trail = trail;
    this.#cache = new TraceCache(database);
    this.#facets = new FacetSets(database);
    this.#eviction = new Eviction(database, totals, this.#facets, now);
    this.#parts = new TraceParts(database);
    this.#upsertSummary = database.prepare(UPSERT_SUMMARY);
  }

  /** All or nothing: when it throws, nothing of the batch is stored and the store is as before. */
  store(batch: EncodedBatch): StoredBatch {
    const touched: Touched = new Map();
    return this.#write(touched, () => this.#storeParts(batch, touched));
  }

  /**
   * Puts a whole store's worth of batches into this one, all or nothing. The limits count only once all of it is here: a
   * trace comes in several batches.
   */
  storeAll(batches: Iterable<EncodedBatch>): void {
    const evicted = this.#transaction(() => {
      for (const batch of batches) {
        const touched: Touched = new Map();
        this.#storeParts(batch, touched);
        for (const { trace, revision } of touched.values()) this.#storeSummary(trace, revision);
        for (const { trace } of touched.values()) this.#cache.settle(trace);
        this.#cache.trim();
      }
      return this.#eviction.makeRoom();
    });
    this.#forget(evicted);
  }

  /** Lets go of what is over the limits. Answers with the ids of the traces that went. */
  enforceLimits(): string {
    return this.#eviction.isDue ? this.#write(new Map(), () => 0).changed : '';
  }

  /**
   * Puts other content in the place of parts, all or nothing. What has been written anew since it was read stays as it
   * is. Answers with the ids of the traces that changed.
   */
  rewrite(parts: readonly StoredPart[]): string {
    const touched: Touched = new Map();
    const { changed } = this.#write(touched, () => {
      for (const part of parts) {
        if (!this.#parts.isAsRead(part)) continue;
        const known = this.#touch(part.traceId, touched);
        if (known === undefined) continue;
        this.#parts.replace(known.trace, known.revision, part);
        this.#trail.add(known.trace.traceNo, part);
      }
      return 0;
    });
    return changed;
  }

  #write(touched: Touched, work: () => number): StoredBatch {
    const stored = this.#transaction(() => {
      const orphanPayloads = work();
      for (const { trace, revision } of touched.values()) this.#storeSummary(trace, revision);
      return { evicted: this.#eviction.makeRoom(), orphanPayloads };
    });
    for (const { trace } of touched.values()) this.#cache.settle(trace);
    this.#forget(stored.evicted);
    this.#cache.trim();
    const changed = [...touched.keys(), ...stored.evicted.map(({ traceId }) => traceId)].join(' ');
    return { changed, orphanPayloads: stored.orphanPayloads };
  }

  #forget(evicted: readonly EvictedTrace[]): void {
    for (const { traceId, revision } of evicted) {
      this.#cache.delete(traceId);
      this.#removed.add(revision, traceId);
    }
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

  /** False when it has payloads only and there is no such trace: it was evicted or cleared while the call was under way. */
  #storePart(part: TracePart, touched: Touched): boolean {
    const known = this.#touch(part.traceId, touched);
    if (known === undefined && part.spans === '') return false;
    const { trace, revision } = known ?? this.#begin(part.traceId, touched);
    const replaced = takeIn(trace, this.#parts.add(trace, revision, part), part);
    if (replaced !== null) for (const [partNo, lost] of replaced) this.#parts.mend(trace, partNo, lost);
    this.#trail.add(trace.traceNo, part);
    return true;
  }

  /** Answers with the number of payloads that found no trace. */
  #storeParts(batch: EncodedBatch, touched: Touched): number {
    let orphanPayloads = 0;
    for (const [index, traceId] of batch.traceIds.entries()) {
      const part = partOf(batch, index, traceId);
      if (batch.foreign?.includes(index) === true) this.#storeForeign(part, touched);
      else if (!this.#storePart(part, touched)) orphanPayloads += parsePayloads(part.payloads).length;
    }
    return orphanPayloads;
  }

  /** Only what is new: see StoreBatch. */
  #storeForeign(part: TracePart, touched: Touched): void {
    const known = (touched.get(part.traceId)?.trace ?? this.#cache.get(part.traceId))?.aggregate;
    const fresh = onlyNew(part, (spanId) => known?.partOfSpan(spanId) !== undefined);
    if (fresh !== null) this.#storePart(fresh, touched);
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
    const trace = newLiveTrace(traceId, this.#totals.addTrace(), revision);
    this.#cache.add(trace);
    const entry = { trace, revision };
    touched.set(traceId, entry);
    return entry;
  }

  #storeSummary(trace: LiveTrace, revision: Cursor): void {
    const { aggregate, traceNo, createdRevision } = trace;
    const fields = aggregate.summary();
    if (fields === null) throw new Error(`Trace ${trace.traceId} has no span`);
    const bytes = trace.partBytes + TRACE_OVERHEAD_BYTES;
    this.#totals.addBytes(bytes - trace.storedBytes);
    this.#totals.addSpans(aggregate.spanCount - trace.storedSpans);
    this.#cache.grew(aggregate.spanCount - trace.storedSpans);
    trace.storedBytes = bytes;
    trace.storedSpans = aggregate.spanCount;
    const facets = aggregate.takeChangedFacets();
    if (facets !== null) trace.facetSet = this.#facets.replace(trace.facetSet, facets);
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
          facetSet: trace.facetSet,
        },
        fields,
      ),
    );
  }
}

function partOf({ spans, payloads, texts }: EncodedBatch, index: number, traceId: TraceId): TracePart {
  return { traceId, spans: spans[index] ?? '', payloads: payloads[index] ?? '', texts: texts[index] ?? '' };
}
