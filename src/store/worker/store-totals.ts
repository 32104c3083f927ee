import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { StoreLimits } from '../port.ts';
import type { HeldStats, Position } from './protocol.ts';

interface Totals {
  traces: number;
  spans: number;
  bytes: number;
  revision: Cursor;
  lastTraceNo: number;
  evictedTraces: number;
}

/**
 * What the store holds and the last revision it gave out. Counted in memory and saved with every transaction, so that
 * neither a restart nor a rolled-back batch makes a number go out twice. `limits` are those in force.
 */
export class StoreTotals {
  limits: StoreLimits;
  readonly #save: StatementSync;
  readonly #load: StatementSync;
  #totals: Totals;

  constructor(database: DatabaseSync, limits: StoreLimits) {
    this.limits = limits;
    this.#save = database.prepare(
      `INSERT OR REPLACE INTO store_totals (id, traces, spans, bytes, revision, last_trace_no, evicted_traces)
       VALUES (1, ?, ?, ?, ?, ?, ?)`,
    );
    this.#load = database.prepare(
      `SELECT traces, spans, bytes, revision, last_trace_no AS lastTraceNo, evicted_traces AS evictedTraces
       FROM store_totals`,
    );
    this.#totals = this.#read();
  }

  get revision(): Cursor {
    return this.#totals.revision;
  }

  get bytes(): number {
    return this.#totals.bytes;
  }

  get traces(): number {
    return this.#totals.traces;
  }

  stats(): HeldStats {
    const { traces, spans, bytes, evictedTraces } = this.#totals;
    return { traces, spans, bytes, budgetBytes: this.limits.bytes, evictedTraces };
  }

  nextRevision(): Cursor {
    return (this.#totals.revision += 1);
  }

  /** Answers with the number of the new trace; numbers are not used twice. */
  addTrace(): number {
    this.#totals.traces += 1;
    return (this.#totals.lastTraceNo += 1);
  }

  addBytes(bytes: number): void {
    this.#totals.bytes += bytes;
  }

  addSpans(spans: number): void {
    this.#totals.spans += spans;
  }

  evicted(bytes: number, spans: number): void {
    const totals = this.#totals;
    totals.traces -= 1;
    totals.spans -= spans;
    totals.bytes -= bytes;
    totals.evictedTraces += 1;
  }

  /** Gives out no revision of another store again, and counts what it let go. */
  continueFrom({ revision, stats }: Position): void {
    this.#totals.revision = Math.max(this.#totals.revision, revision);
    this.#totals.evictedTraces += stats.evictedTraces;
  }

  cleared(): void {
    Object.assign(this.#totals, { traces: 0, spans: 0, bytes: 0 });
  }

  save(): void {
    const { traces, spans, bytes, revision, lastTraceNo, evictedTraces } = this.#totals;
    this.#save.run(traces, spans, bytes, revision, lastTraceNo, evictedTraces);
  }

  reload(): void {
    this.#totals = this.#read();
  }

  #read(): Totals {
    const row = this.#load.get() as Totals | undefined;
    return { traces: 0, spans: 0, bytes: 0, revision: 0, lastTraceNo: 0, evictedTraces: 0, ...row };
  }
}
