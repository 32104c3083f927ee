import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { keyOf, type Facet, type FacetChanges, type FacetKind } from '../summary/facets.ts';

interface Value {
  readonly valueNo: number;
  readonly facet: Facet;
  /** Traces that have it. */
  traces: number;
}

/**
 * Which values occur in which traces. A value is kept once, in memory as well as in its table, and goes with the last
 * trace that has it.
 */
export class FacetIndex {
  readonly #valuesByFacet = new Map<string, Value>();
  readonly #valuesByNumber = new Map<number, Value>();
  readonly #loadValues: StatementSync;
  readonly #addValue: StatementSync;
  readonly #dropValue: StatementSync;
  readonly #addToTrace: StatementSync;
  readonly #removeFromTrace: StatementSync;
  readonly #valuesOfTrace: StatementSync;
  readonly #dropTrace: StatementSync;

  constructor(database: DatabaseSync) {
    this.#loadValues = database.prepare(
      `SELECT v.value_no, v.kind, v.value, count(*) AS traces
       FROM trace_facets f JOIN facet_values v ON v.value_no = f.value_no GROUP BY f.value_no`,
    );
    this.#addValue = database.prepare('INSERT INTO facet_values (kind, value) VALUES (?, ?)');
    this.#dropValue = database.prepare('DELETE FROM facet_values WHERE value_no = ?');
    this.#addToTrace = database.prepare('INSERT INTO trace_facets (trace_no, value_no) VALUES (?, ?)');
    this.#removeFromTrace = database.prepare('DELETE FROM trace_facets WHERE trace_no = ? AND value_no = ?');
    this.#valuesOfTrace = database.prepare('SELECT value_no FROM trace_facets WHERE trace_no = ?');
    this.#dropTrace = database.prepare('DELETE FROM trace_facets WHERE trace_no = ?');
    this.reload();
  }

  /** To be called when the tables are not as they were left: after a rollback. */
  reload(): void {
    this.forgetAll();
    for (const row of this.#loadValues.iterate() as Iterable<ValueRow>) {
      this.#remember({ valueNo: row.value_no, facet: { kind: row.kind, value: row.value }, traces: row.traces });
    }
  }

  /** To be called when the tables were emptied. */
  forgetAll(): void {
    this.#valuesByFacet.clear();
    this.#valuesByNumber.clear();
  }

  apply(traceNo: number, changes: FacetChanges): void {
    for (const facet of changes.removed) {
      const value = this.#valuesByFacet.get(keyOf(facet));
      if (value === undefined) throw new Error(`Facet ${facet.kind} of trace ${traceNo} is not in the index`);
      this.#removeFromTrace.run(traceNo, value.valueNo);
      this.#release(value);
    }
    for (const facet of changes.added) {
      const value = this.#valuesByFacet.get(keyOf(facet)) ?? this.#create(facet);
      this.#addToTrace.run(traceNo, value.valueNo);
      value.traces += 1;
    }
  }

  drop(traceNo: number): void {
    const rows = this.#valuesOfTrace.all(traceNo) as { value_no: number }[];
    this.#dropTrace.run(traceNo);
    for (const row of rows) {
      const value = this.#valuesByNumber.get(row.value_no);
      if (value !== undefined) this.#release(value);
    }
  }

  #create(facet: Facet): Value {
    const { lastInsertRowid } = this.#addValue.run(facet.kind, facet.value);
    return this.#remember({ valueNo: Number(lastInsertRowid), facet, traces: 0 });
  }

  #remember(value: Value): Value {
    this.#valuesByFacet.set(keyOf(value.facet), value);
    this.#valuesByNumber.set(value.valueNo, value);
    return value;
  }

  #release(value: Value): void {
    value.traces -= 1;
    if (value.traces > 0) return;
    this.#dropValue.run(value.valueNo);
    this.#valuesByFacet.delete(keyOf(value.facet));
    this.#valuesByNumber.delete(value.valueNo);
  }
}

interface ValueRow {
  readonly value_no: number;
  readonly kind: FacetKind;
  readonly value: string;
  readonly traces: number;
}
