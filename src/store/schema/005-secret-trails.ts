import type { DatabaseSync } from 'node:sqlite';
import { hashesIn } from '../codec/finding-hashes.ts';

/**
 * In which traces a secret was hidden, by its hash; which spans those are stands in the spans. A trace's rows go with it:
 * `trail_by_trace` serves that. `notes` holds a few words of the app's own about the whole file.
 */
const TABLES = `
CREATE TABLE trail (
  hash TEXT NOT NULL,
  trace_no INTEGER NOT NULL,
  PRIMARY KEY (hash, trace_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX trail_by_trace ON trail (trace_no);

CREATE TABLE notes (
  name TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Makes the table, and fills it with what stored spans and bodies tell of themselves. */
export function layTrails(database: DatabaseSync): void {
  database.exec(TABLES);
  const add = database.prepare('INSERT OR IGNORE INTO trail (hash, trace_no) VALUES (?, ?)');
  const parts = database.prepare('SELECT trace_no, spans, payloads FROM parts').iterate() as Iterable<PartRow>;
  for (const { trace_no: traceNo, spans, payloads } of parts)
    for (const hash of hashesIn({ spans, payloads })) add.run(hash, traceNo);
}

interface PartRow {
  readonly trace_no: number;
  readonly spans: string;
  readonly payloads: string;
}
