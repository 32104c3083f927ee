import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import { millisToUnixNano, type TraceId } from '../../shared/domain/ids.ts';
import type { FacetSets } from './facet-sets.ts';
import type { StoreTotals } from './store-totals.ts';

type Candidate = Readonly<{
  trace_no: number;
  trace_id: TraceId;
  bytes: number;
  span_count: number;
  facet_set: number;
}>;

/** Milliseconds since 1970. */
export type Now = () => number;

const DAY_MILLIS = 24 * 60 * 60 * 1_000;

export interface EvictedTrace {
  readonly traceId: TraceId;
  readonly revision: Cursor;
}

const CANDIDATE = 'SELECT trace_no, trace_id, bytes, span_count, facet_set FROM traces';

/** A batch seldom needs more room than this many traces give. */
const CANDIDATES_AT_ONCE = 64;

/** Calls that never answer are spared up to this many times of what may be kept; memory has to end somewhere. */
const OPEN_TRACES_CEILING = 2;

/**
 * Keeps the store within its limits by forgetting whole traces, the oldest first; before all others those that tell of
 * health checks and open streams, which come by themselves all day (R55). A trace that goes on is not too old.
 */
export class Eviction {
  readonly #database: DatabaseSync;
  readonly #totals: StoreTotals;
  readonly #facets: FacetSets;
  readonly #oldestDisposable: StatementSync;
  readonly #oldestClosed: StatementSync;
  readonly #oldest: StatementSync;
  readonly #outdated: StatementSync;
  readonly #deletions: readonly StatementSync[];
  readonly #now: Now;

  constructor(database: DatabaseSync, totals: StoreTotals, facets: FacetSets, now: Now) {
    this.#database = database;
    this.#totals = totals;
    this.#facets = facets;
    this.#now = now;
    this.#outdated = database.prepare(
      `${CANDIDATE} WHERE open_span_count = 0 AND start_time < ? ORDER BY start_time LIMIT ${CANDIDATES_AT_ONCE}`,
    );
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
    for (let outdated = this.#findOutdated(); outdated.length > 0; outdated = this.#findOutdated())
      for (const candidate of outdated) evicted.push(this.#evict(candidate));
    while (this.#isOver()) {
      const candidates = this.#next();
      if (candidates.length === 0) break;
      for (const candidate of candidates) {
        if (!this.#isOver()) break;
        evicted.push(this.#evict(candidate));
      }
    }
    return evicted;
  }

  /** Whether `makeRoom` may find something. */
  get isDue(): boolean {
    return this.#isOver() || this.#findOutdated().length > 0;
  }

  clear(): void {
    this.#database.exec(
      'DELETE FROM parts; DELETE FROM trail; DELETE FROM facet_sets; DELETE FROM facet_values; DELETE FROM traces',
    );
    this.#totals.cleared();
    this.#totals.nextRevision();
  }

  #evict({ trace_no: traceNo, trace_id: traceId, ...candidate }: Candidate): EvictedTrace {
    this.#facets.release(candidate.facet_set);
    for (const deletion of this.#deletions) deletion.run(traceNo);
    this.#totals.evicted(candidate.bytes, candidate.span_count);
    return { traceId, revision: this.#totals.nextRevision() };
  }

  /** Those that began too long ago, the oldest first. */
  #findOutdated(): readonly Candidate[] {
    const { days } = this.#totals.limits;
    if (days === 0) return [];
    return this.#outdated.all(millisToUnixNano(this.#now() - days * DAY_MILLIS)) as Candidate[];
  }

  /** Over so many times what may be kept. */
  #isOver(times = 1): boolean {
    const { bytes, traces, limits } = this.#totals;
    return bytes > times * limits.bytes || (limits.traces > 0 && traces > times * limits.traces);
  }

  /** In the order in which they go; none when what is left is spared. */
  #next(): readonly Candidate[] {
    for (const closed of [this.#oldestDisposable, this.#oldestClosed]) {
      const candidates = closed.all() as Candidate[];
      if (candidates.length > 0) return candidates;
    }
    const sparesOpen = this.#totals.traces > 1 && !this.#isOver(OPEN_TRACES_CEILING);
    return sparesOpen ? [] : (this.#oldest.all() as Candidate[]);
  }
}
