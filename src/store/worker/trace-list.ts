import type { DatabaseSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import { millisToUnixNano, type TraceId } from '../../shared/domain/ids.ts';
import type { TraceSummary } from '../../shared/domain/trace.ts';
import { compileQuery } from '../query/compile.ts';
import { parseQuery } from '../query/parse.ts';
import type { Query } from '../query/query.ts';
import type { FeedAnswer } from './protocol.ts';
import type { RemovedLog } from './removed-log.ts';
import { StatementCache } from './statement-cache.ts';
import type { StoreTotals } from './store-totals.ts';
import { SUMMARY_COLUMNS, summaryOf, type SummaryRow } from './summary-row.ts';

const NEWEST_FIRST = 'ORDER BY t.start_time DESC, t.trace_no DESC';

/** The list of traces: as it is, and what changed in it. */
export class TraceList {
  readonly #statements: StatementCache;
  readonly #totals: StoreTotals;
  readonly #removed: RemovedLog;

  constructor(database: DatabaseSync, totals: StoreTotals, removed: RemovedLog) {
    this.#statements = new StatementCache(database);
    this.#totals = totals;
    this.#removed = removed;
  }

  /** Throws a UserError when the query cannot be understood. */
  list(queryText: string, limit: number): TraceSummary[] {
    return this.#matching(parseQuery(queryText), limit);
  }

  /** Throws a UserError when the query cannot be understood. */
  feed(cursor: Cursor | null, queryText: string, limit: number): FeedAnswer {
    const query = parseQuery(queryText);
    const latest = this.#totals.revision;
    const difference =
      cursor === null || cursor > latest || !this.#removed.covers(cursor)
        ? null
        : this.#difference(cursor, query, limit);
    if (difference !== null) return { cursor: latest, reset: false, ...difference };
    return { cursor: latest, reset: true, traces: this.#matching(query, limit), removed: [] };
  }

  #matching(query: Query, limit: number): TraceSummary[] {
    const { sql, values } = compileQuery(query, now());
    const rows = this.#statements
      .get(`SELECT ${SUMMARY_COLUMNS} FROM traces t WHERE ${sql} ${NEWEST_FIRST} LIMIT ?`)
      .iterate(...values, limit) as Iterable<SummaryRow>;
    return Array.from(rows, summaryOf);
  }

  /** Null when so much changed that a snapshot is the shorter answer. */
  #difference(cursor: Cursor, query: Query, limit: number): Pick<FeedAnswer, 'traces' | 'removed'> | null {
    const { sql, values } = compileQuery(query, now());
    // `+` keeps the planner from walking all traces in the order of the answer instead of the few that changed.
    const found = this.#statements
      .get(
        `SELECT ${SUMMARY_COLUMNS}, ${sql} AS matches FROM traces t WHERE t.revision > ?
         ORDER BY +t.start_time DESC, t.trace_no DESC LIMIT ?`,
      )
      .iterate(...values, cursor, limit + 1) as Iterable<SummaryRow & { matches: bigint }>;
    const rows = [...found];
    if (rows.length > limit) return null;
    const traces: TraceSummary[] = [];
    const unmatched: TraceId[] = [];
    for (const row of rows) {
      if (row.matches === 0n) unmatched.push(row.trace_id);
      else traces.push(summaryOf(row));
    }
    // A trace that went and came again since the cursor is there, not gone.
    const present = new Set(rows.map((row) => row.trace_id));
    const gone = this.#removed.since(cursor).filter((traceId) => !present.has(traceId));
    return { traces, removed: [...new Set(gone), ...unmatched] };
  }
}

function now(): bigint {
  return millisToUnixNano(Date.now());
}
