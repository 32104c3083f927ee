import type { DatabaseSync } from 'node:sqlite';
import type { TraceId, UnixNano } from '../../shared/domain/ids.ts';
import type { RedactedSpan } from '../../shared/domain/redacted.ts';
import { decodeSpans, encodeSpans } from '../codec/span-rows.ts';
import type { TraceWriter } from './trace-writer.ts';

const MESSAGE = 'Throughline stopped before this call ended.';
const BATCH_TRACES = 100;

/**
 * Ends what a process left open that did not come to its end: nothing else will, and a call that looks alive would be
 * spared from eviction for ever. It ends when the last thing known of its trace happened.
 */
export function endInterruptedSpans(database: DatabaseSync, writer: TraceWriter): void {
  const open = database.prepare(
    `SELECT trace_no, trace_id FROM traces WHERE open_span_count > 0 LIMIT ${BATCH_TRACES}`,
  );
  const parts = database.prepare("SELECT spans FROM parts WHERE trace_no = ? AND spans <> '' ORDER BY part_no");
  for (;;) {
    const traces = open.all() as { trace_no: number; trace_id: TraceId }[];
    if (traces.length === 0) return;
    const spans = traces.map(({ trace_no, trace_id }) => {
      const rows = parts.all(trace_no) as { spans: string }[];
      return encodeSpans(interrupted(rows.flatMap((row) => decodeSpans(row.spans, trace_id))));
    });
    writer.store({ traceIds: traces.map((trace) => trace.trace_id), spans, payloads: [], texts: [] });
  }
}

function interrupted(spans: readonly RedactedSpan[]): RedactedSpan[] {
  const lastTime = spans.reduce<bigint>((last, { startTime }) => (startTime > last ? startTime : last), 0n) as UnixNano;
  return spans
    .filter((span) => span.endTime === null)
    .map((span) => ({ ...span, endTime: lastTime, status: { code: 'error', message: MESSAGE } }));
}
