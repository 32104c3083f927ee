import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FacetChanges } from '../summary/facets.ts';

/** Which values occur in which traces. Values are kept once; a value that no trace has any more goes. */
export class FacetIndex {
  readonly #addValue: StatementSync;
  readonly #addToTrace: StatementSync;
  readonly #removeFromTrace: StatementSync;
  readonly #dropUnusedValue: StatementSync;
  readonly #valuesOfTrace: StatementSync;
  readonly #dropTrace: StatementSync;

  constructor(database: DatabaseSync) {
    this.#addValue = database.prepare('INSERT OR IGNORE INTO facet_values (kind, value) VALUES (?, ?)');
    this.#addToTrace = database.prepare(
      `INSERT OR IGNORE INTO trace_facets (trace_no, value_no)
       SELECT ?, value_no FROM facet_values WHERE kind = ? AND value = ?`,
    );
    this.#removeFromTrace = database.prepare(
      `DELETE FROM trace_facets
       WHERE trace_no = ? AND value_no = (SELECT value_no FROM facet_values WHERE kind = ? AND value = ?)`,
    );
    this.#dropUnusedValue = database.prepare(
      `DELETE FROM facet_values
       WHERE value_no = ? AND NOT EXISTS (SELECT 1 FROM trace_facets f WHERE f.value_no = facet_values.value_no)`,
    );
    this.#valuesOfTrace = database.prepare('SELECT value_no FROM trace_facets WHERE trace_no = ?');
    this.#dropTrace = database.prepare('DELETE FROM trace_facets WHERE trace_no = ?');
  }

  apply(traceNo: number, changes: FacetChanges): void {
    for (const { kind, value } of changes.removed) this.#removeFromTrace.run(traceNo, kind, value);
    for (const { kind, value } of changes.added) {
      this.#addValue.run(kind, value);
      this.#addToTrace.run(traceNo, kind, value);
    }
  }

  drop(traceNo: number): void {
    const values = this.#valuesOfTrace.all(traceNo) as { value_no: number }[];
    this.#dropTrace.run(traceNo);
    for (const { value_no } of values) this.#dropUnusedValue.run(value_no);
  }
}
