import type { DatabaseSync } from 'node:sqlite';
import { parseSpan, type ParsedSpan, type SpanText } from '../span-codec.ts';
import type { TraceWriter } from './trace-writer.ts';

const MESSAGE = 'Throughline stopped before this call ended.';
const BATCH_SPANS = 500;

/**
 * Ends what a process left open that did not come to its end: nothing else will, and a call that looks alive would be
 * spared from eviction for ever. It ends when the last thing known of its trace happened.
 */
export function endInterruptedSpans(database: DatabaseSync, writer: TraceWriter): void {
  const open = database.prepare(
    `SELECT s.body, (SELECT max(o.start_time) FROM spans o WHERE o.trace_no = s.trace_no) AS last_time
     FROM traces t JOIN spans s ON s.trace_no = t.trace_no
     WHERE t.open_span_count > 0 AND s.is_open = 1 LIMIT ${BATCH_SPANS}`,
  );
  open.setReadBigInts(true);
  for (;;) {
    const rows = open.all() as { body: string; last_time: bigint }[];
    if (rows.length === 0) return;
    writer.store({ spans: rows.map((row) => ended(row.body, row.last_time)), payloads: [] });
  }
}

function ended(text: SpanText, time: bigint): SpanText {
  const span = parseSpan(text);
  const interrupted: ParsedSpan = { ...span, endTime: time.toString(), status: { code: 'error', message: MESSAGE } };
  return JSON.stringify(interrupted);
}
