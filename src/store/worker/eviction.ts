import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';
import type { FacetSets } from './facet-sets.ts';
import type { StoreTotals } from './store-totals.ts';

type Candidate = Readonly<{
  trace_no: number;
  trace_id: TraceId;
  bytes: number;
  span_count: number;
  facet_set: number;
}>;

export interface EvictedTrace {
  readonly traceId: TraceId;
  readonly revision: Cursor;
}

const CANDIDATE = 'SELECT trace_no, trace_id, bytes, span_count, facet_set FROM traces';

/** A batch seldom needs more room than this many traces give. */
const CANDIDATES_AT_ONCE = 64;

/** Calls that never answer are spared while they fit in this many budgets; memory has to end somewhere. */
const OPEN_TRACES_CEILING = 2;

/**
 * Keeps the store within its budget by forgetting whole traces, the oldest first; before all others those that tell of
 * health checks and open streams, which come by themselves all day (R55).
 */
export class Eviction {
  readonly #database: DatabaseSync;
  readonly #totals: StoreTotals;
  readonly #facets: FacetSets;
  readonly #oldestDisposable: StatementSync;
  readonly #oldestClosed: StatementSync;
  readonly #oldest: StatementSync;
  readonly #deletions: readonly StatementSync[];

  constructor(database: DatabaseSync, totals: StoreTotals, facets: FacetSets) {
    this.#database = database;
    this.#totals = totals;
    this.#facets = facets;
    this.#oldestDisposable = database.prepare(
      `${CANDIDATE} WHERE open_span_count = 0 AND upkeep IN ('health', 'stream') ORDER BY start_time
       LIMIT ${CANDIDATES_AT_ONCE}`,
    );
    this.#oldestClosed = database.prepare(
      `${CANDIDATE} WHERE open_span_count = 0 ORDER BY start_time LIMIT ${CANDIDATES_AT_ONCE}`,
    );
    this.#oldest = database.prepare(`${CANDIDATE} ORDER BY start_time LIMIT 1`);
    this.#deletions = ['parts', 'trail', 'traces'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE trace_no = ?`),
    );
  }

  /** To be called within the transaction that stored something. */
  makeRoom(): EvictedTrace[] {
    const evicted: EvictedTrace[] = [];
    while (this.#isOverBudget()) {
      const candidates = this.#next();
      if (candidates.length === 0) break;
      for (const candidate of candidates) {
        if (!this.#isOverBudget()) break;
        this.#facets.release(candidate.facet_set);
        for (const deletion of this.#deletions) deletion.run(candidate.trace_no);
        this.#totals.evicted(candidate.bytes, candidate.span_count);
        evicted.push({ traceId: candidate.trace_id, revision: this.#totals.nextRevision() });
      }
    }
    return evicted;
  }

  clear(): void {
    this.#database.exec(
      'DELETE FROM parts; DELETE FROM trail; DELETE FROM facet_sets; DELETE FROM facet_values; DELETE FROM traces',
    );
    this.#totals.cleared();
    this.#totals.nextRevision();
  }

  #isOverBudget(): boolean {
    return this.#totals.bytes > this.#totals.budgetBytes;
  }

  /** In the order in which they go; none when what is left is spared. */
  #next(): readonly Candidate[] {
    for (const closed of [this.#oldestDisposable, this.#oldestClosed]) {
      const candidates = closed.all() as Candidate[];
      if (candidates.length > 0) return candidates;
    }
    const { bytes, budgetBytes, traces } = this.#totals;
    const sparesOpen = traces > 1 && bytes <= OPEN_TRACES_CEILING * budgetBytes;
    return sparesOpen ? [] : (this.#oldest.all() as Candidate[]);
  }
}
