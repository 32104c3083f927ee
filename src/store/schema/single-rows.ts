import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { unixNano, type SpanId, type TraceId } from '../../shared/domain/ids.ts';
import type { Finding, PayloadDirection, RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { Attributes } from '../../shared/domain/span.ts';
import { ATTRIBUTE } from '../attribute-keys.ts';
import { encodePayloads } from '../codec/payload-rows.ts';
import { encodeSpans } from '../codec/span-rows.ts';
import { TRACE_OVERHEAD_BYTES, partBytes } from '../worker/sizes.ts';

/** A span of schema 1, whose row held all of it as JSON text with times as decimal text. */
type WrittenSpan = Omit<RedactedSpan, 'startTime' | 'endTime' | 'events'> & {
  readonly startTime: string;
  readonly endTime: string | null;
  readonly events: readonly { readonly name: string; readonly time: string; readonly attributes: Attributes }[];
};

type TraceRow = Readonly<{
  trace_no: number;
  trace_id: TraceId;
  revision: number;
}>;

type PayloadRow = Readonly<{
  span_id: SpanId;
  direction: PayloadDirection;
  media_type: string;
  original_bytes: number;
  truncated: number;
  findings: string;
  text: string;
}>;

/** Puts each trace of schema 1 into one part, and its values for filters into a set. To be called within a transaction. */
export function carryOver(database: DatabaseSync): void {
  const spansOf = database.prepare('SELECT body FROM spans WHERE trace_no = ? ORDER BY start_time');
  const payloadsOf = database.prepare('SELECT * FROM payloads WHERE trace_no = ? ORDER BY payload_no');
  const addPart = database.prepare(
    'INSERT INTO parts (trace_no, revision, text_bytes, spans, payloads, texts) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = database.prepare('UPDATE traces SET bytes = ?, upkeep = ?, facet_set = ? WHERE trace_no = ?');
  const setOf = createSets(database);
  const traces = database.prepare('SELECT trace_no, trace_id, revision FROM traces').all() as TraceRow[];
  for (const { trace_no: traceNo, trace_id: traceId, revision } of traces) {
    const read = (spansOf.all(traceNo) as { body: string }[]).map(({ body }) => spanOf(body));
    const spans = encodeSpans(read);
    const rows = payloadsOf.all(traceNo) as PayloadRow[];
    const { payloads, texts } = encodePayloads(rows.map((row) => payloadOf(row, traceId)));
    const textBytes = Buffer.byteLength(texts);
    addPart.run(traceNo, revision, textBytes, spans, payloads, texts);
    const bytes = partBytes(Buffer.byteLength(spans), Buffer.byteLength(payloads), textBytes) + TRACE_OVERHEAD_BYTES;
    update.run(bytes, upkeepOf(read), setOf(traceNo), traceNo);
  }
  database.exec('UPDATE store_totals SET bytes = (SELECT coalesce(sum(bytes), 0) FROM traces)');
}

function spanOf(body: string): RedactedSpan {
  const written = JSON.parse(body) as WrittenSpan;
  return Object.assign(written, {
    startTime: unixNano(BigInt(written.startTime)),
    endTime: written.endTime === null ? null : unixNano(BigInt(written.endTime)),
    events: written.events.map((event) => ({ ...event, time: unixNano(BigInt(event.time)) })),
  });
}

function payloadOf(row: PayloadRow, traceId: TraceId): RedactedPayload {
  const payload = {
    traceId,
    spanId: row.span_id,
    direction: row.direction,
    mediaType: row.media_type,
    text: row.text,
    originalBytes: row.original_bytes,
    truncated: row.truncated !== 0,
    findings: JSON.parse(row.findings) as readonly Finding[],
  };
  return payload as RedactedPayload;
}

/** In schema 1, upkeep traces have one root, and nothing else does. */
function upkeepOf(spans: readonly RedactedSpan[]): string | null {
  const root = spans.find((span) => span.parentSpanId === null);
  const upkeep = root?.attributes[ATTRIBUTE.upkeep];
  return typeof upkeep === 'string' && upkeep !== '' ? upkeep : null;
}

/** Gives each trace the set of its values; traces with the same values share one. */
function createSets(database: DatabaseSync): (traceNo: number) => number {
  const valuesOf: StatementSync = database.prepare(
    'SELECT value_no FROM trace_facets WHERE trace_no = ? ORDER BY value_no',
  );
  const add = database.prepare('INSERT INTO facet_sets (value_no, set_no) VALUES (?, ?)');
  const sets = new Map<string, number>();
  return (traceNo) => {
    const values = (valuesOf.all(traceNo) as { value_no: number }[]).map((row) => row.value_no);
    const key = values.join(' ');
    const known = sets.get(key);
    if (known !== undefined) return known;
    const setNo = sets.size + 1;
    sets.set(key, setNo);
    for (const valueNo of values) add.run(valueNo, setNo);
    return setNo;
  };
}
