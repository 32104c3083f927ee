import type { DatabaseSync } from 'node:sqlite';
import { carryOver } from './single-rows.ts';

/**
 * What one batch brings of a trace lies in one row, a part: its spans and what is known of its captured bodies in the
 * forms of `codec/`, and their texts as they are, for searches. `text_bytes` is the size of `texts` in UTF-8. Rows in which
 * nothing is valid any more go.
 *
 * A trace's values for filters are a set, kept once for all traces that have the same: `facet_set` of `traces`. The rows of a set
 * are ordered for the question which sets hold a value.
 *
 * `traces_disposable` serves eviction, which takes upkeep that nobody asked for before anything else; the others it finds by
 * `traces_by_start`.
 */
const PARTS_SCHEMA = `
CREATE TABLE parts (
  part_no INTEGER PRIMARY KEY,
  trace_no INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  text_bytes INTEGER NOT NULL,
  spans TEXT NOT NULL,
  payloads TEXT NOT NULL,
  texts TEXT NOT NULL
) STRICT;
CREATE INDEX parts_by_trace ON parts (trace_no, revision);

CREATE TABLE facet_sets (
  value_no INTEGER NOT NULL,
  set_no INTEGER NOT NULL,
  PRIMARY KEY (value_no, set_no)
) STRICT, WITHOUT ROWID;

ALTER TABLE traces ADD COLUMN facet_set INTEGER NOT NULL DEFAULT 0;
ALTER TABLE traces ADD COLUMN upkeep TEXT;
DROP INDEX traces_closed;
CREATE INDEX traces_disposable ON traces (start_time) WHERE open_span_count = 0 AND upkeep IN ('health', 'stream');
`;

/** Carries over what lay in one row for each span and each body. */
export function putTracesInParts(database: DatabaseSync): void {
  database.exec(PARTS_SCHEMA);
  carryOver(database);
  database.exec('DROP TABLE spans; DROP TABLE payloads; DROP TABLE trace_facets;');
}
