import type { DatabaseSync } from 'node:sqlite';
import { parseSpans } from '../codec/span-rows.ts';
import type { FacetKind } from '../summary/facets.ts';
import { factsOfRows, type SpanFacts } from '../summary/span-facts.ts';

/** The revisions of MCP that were spoken in a trace: with its client, and as a JSON list with servers. */
const COLUMNS = `
ALTER TABLE traces ADD COLUMN client_protocol TEXT;
ALTER TABLE traces ADD COLUMN server_protocols TEXT NOT NULL DEFAULT '[]';
`;

/** Reads out of the spans of each trace what later ones say of themselves, and lets filters find it. */
export function tellProtocolVersions(database: DatabaseSync): void {
  database.exec(COLUMNS);
  const traces = database.prepare('SELECT trace_no, facet_set FROM traces').all() as TraceRow[];
  const partsOf = database.prepare("SELECT part_no, spans FROM parts WHERE trace_no = ? AND spans <> ''");
  const update = database.prepare(
    'UPDATE traces SET client_protocol = ?, server_protocols = ?, facet_set = ? WHERE trace_no = ?',
  );
  const widened = createWidening(database);
  for (const { trace_no: traceNo, facet_set: setNo } of traces) {
    const parts = partsOf.all(traceNo) as PartRow[];
    const facts = parts.flatMap(({ part_no: partNo, spans }) => factsOfRows(parseSpans(spans), partNo));
    const clients = distinct(facts.toSorted(byStart), 'clientProtocol');
    const servers = distinct(facts, 'serverProtocol').sort();
    if (clients.length + servers.length === 0) continue;
    const set = widened(setNo, { client_protocol: clients, server_protocol: servers });
    update.run(clients[0] ?? null, JSON.stringify(servers), set, traceNo);
  }
  database.exec('DELETE FROM facet_sets WHERE set_no NOT IN (SELECT facet_set FROM traces)');
}

function byStart(a: SpanFacts, b: SpanFacts): number {
  return a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0;
}

function distinct(facts: readonly SpanFacts[], key: 'clientProtocol' | 'serverProtocol'): string[] {
  return [...new Set(facts.map(({ [key]: version }) => version).filter((version) => version !== null))];
}

type Added = Readonly<Partial<Record<FacetKind, readonly string[]>>>;

/** Answers with the set that has the values of a set and these; traces that had the same set and get the same share it. */
function createWidening(database: DatabaseSync): (setNo: number, added: Added) => number {
  const members = Map.groupBy(
    database.prepare('SELECT set_no, value_no FROM facet_sets').all() as SetRow[],
    (row) => row.set_no,
  );
  const addValue = database.prepare('INSERT OR IGNORE INTO facet_values (kind, value) VALUES (?, ?)');
  const findValue = database.prepare('SELECT value_no FROM facet_values WHERE kind = ? AND value = ?');
  const addToSet = database.prepare('INSERT INTO facet_sets (value_no, set_no) VALUES (?, ?)');
  const known = new Map<string, number>();
  let lastSet = Math.max(0, ...members.keys());

  function valueNo(kind: string, value: string): number {
    addValue.run(kind, value);
    return (findValue.get(kind, value) as { value_no: number }).value_no;
  }

  return (setNo, added) => {
    const key = JSON.stringify([setNo, added]);
    const made = known.get(key);
    if (made !== undefined) return made;
    lastSet += 1;
    for (const { value_no } of members.get(setNo) ?? []) addToSet.run(value_no, lastSet);
    for (const [kind, values] of Object.entries(added))
      for (const value of values) addToSet.run(valueNo(kind, value), lastSet);
    known.set(key, lastSet);
    return lastSet;
  };
}

type TraceRow = Readonly<{
  trace_no: number;
  facet_set: number;
}>;

type PartRow = Readonly<{
  part_no: number;
  spans: string;
}>;

type SetRow = Readonly<{
  set_no: number;
  value_no: number;
}>;
