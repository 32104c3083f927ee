import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';
import type { FacetIndex } from './facet-index.ts';
import type { StoreTotals } from './store-totals.ts';

interface Candidate {
  readonly trace_no: number;
  readonly trace_id: TraceId;
  readonly bytes: number;
  readonly span_count: number;
}

export interface EvictedTrace {
  readonly traceId: TraceId;
  readonly revision: Cursor;
}

const CANDIDATE = 'SELECT trace_no, trace_id, bytes, span_count FROM traces';

/** Calls that never answer are spared while they fit in this many budgets; memory has to end somewhere. */
const OPEN_TRACES_CEILING = 2;

/** Keeps the store within its budget by forgetting whole traces, the oldest first. */
export class Eviction {
  readonly #database: DatabaseSync;
  readonly #totals: StoreTotals;
  readonly #facets: FacetIndex;
  readonly #oldestClosed: StatementSync;
  readonly #oldest: StatementSync;
  readonly #deletions: readonly StatementSync[];

  constructor(database: DatabaseSync, totals: StoreTotals, facets: FacetIndex) {
    this.#database = database;
    this.#totals = totals;
    this.#facets = facets;
    this.#oldestClosed = database.prepare(`${CANDIDATE} WHERE open_span_count = 0 ORDER BY start_time LIMIT 1`);
    this.#oldest = database.prepare(`${CANDIDATE} ORDER BY start_time LIMIT 1`);
    this.#deletions = ['payloads', 'spans', 'traces'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE trace_no = ?`),
    );
  }

  /** To be called within the transaction that stored something. */
  makeRoom(): EvictedTrace[] {
    const evicted: EvictedTrace[] = [];
    while (this.#totals.bytes > this.#totals.budgetBytes) {
      const candidate = this.#next();
      if (candidate === undefined) break;
      this.#facets.drop(candidate.trace_no);
      for (const deletion of this.#deletions) deletion.run(candidate.trace_no);
      this.#totals.evicted(candidate.bytes, candidate.span_count);
      evicted.push({ traceId: candidate.trace_id, revision: this.#totals.nextRevision() });
    }
    return evicted;
  }

  clear(): void {
    this.#database.exec(
      'DELETE FROM payloads; DELETE FROM spans; DELETE FROM trace_facets; DELETE FROM facet_values; DELETE FROM traces',
    );
    this.#totals.cleared();
    this.#totals.nextRevision();
  }

  #next(): Candidate | undefined {
    const closed = this.#oldestClosed.get() as Candidate | undefined;
    if (closed !== undefined) return closed;
    const { bytes, budgetBytes, traces } = this.#totals;
    const sparesOpen = traces > 1 && bytes <= OPEN_TRACES_CEILING * budgetBytes;
    return sparesOpen ? undefined : (this.#oldest.get() as Candidate | undefined);
  }
}
