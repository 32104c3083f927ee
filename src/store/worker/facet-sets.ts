import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Facet, FacetKind } from '../summary/facets.ts';

interface Value {
  readonly valueNo: number;
  readonly facet: Facet;
  /** Sets that hold it. */
  sets: number;
}

interface FacetSet {
  readonly setNo: number;
  values: readonly Value[];
  /** Traces that have it. */
  traces: number;
}

/** The set of a trace of which nothing is stored yet. */
export const NO_SET = 0;

/**
 * Which values occur in which traces. Most traces have exactly the values of some other, so a set of values is kept once
 * and goes with the last trace that has it; so does a value with the last set. Both are held in memory as well.
 */
export class FacetSets {
  readonly #values = new Map<FacetKind, Map<string, Value>>();
  readonly #setsByKey = new Map<string, FacetSet>();
  readonly #setsByNumber = new Map<number, FacetSet>();
  #lastSetNo = NO_SET;
  readonly #loadValues: StatementSync;
  readonly #loadSets: StatementSync;
  readonly #loadTraces: StatementSync;
  readonly #addValue: StatementSync;
  readonly #dropValue: StatementSync;
  readonly #addToSet: StatementSync;
  readonly #dropFromSet: StatementSync;

  constructor(database: DatabaseSync) {
    this.#loadValues = database.prepare('SELECT value_no, kind, value FROM facet_values');
    this.#loadSets = database.prepare('SELECT set_no, value_no FROM facet_sets ORDER BY set_no');
    this.#loadTraces = database.prepare('SELECT facet_set, count(*) AS traces FROM traces GROUP BY facet_set');
    this.#addValue = database.prepare('INSERT INTO facet_values (kind, value) VALUES (?, ?)');
    this.#dropValue = database.prepare('DELETE FROM facet_values WHERE value_no = ?');
    this.#addToSet = database.prepare('INSERT INTO facet_sets (value_no, set_no) VALUES (?, ?)');
    this.#dropFromSet = database.prepare('DELETE FROM facet_sets WHERE value_no = ? AND set_no = ?');
    this.reload();
  }

  /** To be called when the tables are not as they were left: after a rollback. */
  reload(): void {
    this.forgetAll();
    const values = new Map<number, Value>();
    for (const { value_no, kind, value } of this.#loadValues.iterate() as Iterable<ValueRow>)
      values.set(value_no, this.#remember({ valueNo: value_no, facet: { kind, value }, sets: 0 }));
    const members = Map.groupBy(this.#loadSets.all() as SetRow[], (row) => row.set_no);
    for (const [setNo, rows] of members) {
      const held = rows.map((row) => values.get(row.value_no)).filter((value) => value !== undefined);
      for (const value of held) value.sets += 1;
      this.#rememberSet({ setNo, values: held, traces: 0 });
    }
    for (const { facet_set, traces } of this.#loadTraces.iterate() as Iterable<TracesRow>) {
      const set = this.#setsByNumber.get(facet_set);
      if (set !== undefined) set.traces = traces;
    }
  }

  /** To be called when the tables were emptied. */
  forgetAll(): void {
    this.#values.clear();
    this.#setsByKey.clear();
    this.#setsByNumber.clear();
  }

  /** Gives a trace the set with these facets instead of `before`, and answers with its number. */
  replace(before: number, facets: readonly Facet[]): number {
    const values = facets.map((facet) => this.#valueOf(facet)).sort((a, b) => a.valueNo - b.valueNo);
    const own = this.#setsByNumber.get(before);
    const known = this.#setsByKey.get(keyOf(values));
    if (known !== undefined && known === own) return before;
    if (known === undefined && own?.traces === 1) {
      this.#change(own, values);
      return before;
    }
    const set = known ?? this.#create(values);
    set.traces += 1;
    this.release(before);
    return set.setNo;
  }

  /** To be called when a trace goes that has the set. */
  release(setNo: number): void {
    const set = this.#setsByNumber.get(setNo);
    if (set === undefined) return;
    set.traces -= 1;
    if (set.traces > 0) return;
    this.#change(set, []);
    this.#setsByKey.delete(keyOf([]));
    this.#setsByNumber.delete(setNo);
  }

  #create(values: readonly Value[]): FacetSet {
    const set: FacetSet = { setNo: this.#lastSetNo + 1, values: [], traces: 0 };
    this.#rememberSet(set);
    this.#change(set, values);
    return set;
  }

  #change(set: FacetSet, values: readonly Value[]): void {
    const before = new Set(set.values);
    const after = new Set(values);
    this.#setsByKey.delete(keyOf(set.values));
    set.values = values;
    this.#setsByKey.set(keyOf(values), set);
    for (const value of values) {
      if (before.has(value)) continue;
      this.#addToSet.run(value.valueNo, set.setNo);
      value.sets += 1;
    }
    for (const value of before) {
      if (after.has(value)) continue;
      this.#dropFromSet.run(value.valueNo, set.setNo);
      this.#release(value);
    }
  }

  #valueOf(facet: Facet): Value {
    const known = this.#values.get(facet.kind)?.get(facet.value);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.#addValue.run(facet.kind, facet.value);
    return this.#remember({ valueNo: Number(lastInsertRowid), facet, sets: 0 });
  }

  #remember(value: Value): Value {
    const { kind } = value.facet;
    const ofKind = this.#values.get(kind) ?? new Map<string, Value>();
    this.#values.set(kind, ofKind.set(value.facet.value, value));
    return value;
  }

  #rememberSet(set: FacetSet): void {
    this.#lastSetNo = Math.max(this.#lastSetNo, set.setNo);
    this.#setsByNumber.set(set.setNo, set);
    this.#setsByKey.set(keyOf(set.values), set);
  }

  #release(value: Value): void {
    value.sets -= 1;
    if (value.sets > 0) return;
    this.#dropValue.run(value.valueNo);
    this.#values.get(value.facet.kind)?.delete(value.facet.value);
  }
}

function keyOf(values: readonly Value[]): string {
  let key = '';
  for (const value of values) key += `${value.valueNo} `;
  return key;
}

interface ValueRow {
  readonly value_no: number;
  readonly kind: FacetKind;
  readonly value: string;
}

type SetRow = Readonly<{
  set_no: number;
  value_no: number;
}>;

interface TracesRow {
  readonly facet_set: number;
  readonly traces: number;
}
