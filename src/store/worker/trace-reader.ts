import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { Finding, PayloadDirection, RedactedPayload } from '../../shared/domain/redacted.ts';
import type { PayloadInfo } from '../../shared/domain/trace.ts';
import type { DetailAnswer, SpanChunks, WatchAnswer } from './protocol.ts';
import type { RemovedLog } from './removed-log.ts';
import type { StoreTotals } from './store-totals.ts';
import { SUMMARY_COLUMNS, summaryOf, type SummaryRow } from './summary-row.ts';

/** Spans of one chunk: parsing them blocks the reader's thread for about a millisecond. */
const SPANS_PER_CHUNK = 200;

const EVERYTHING = -1;

type FoundRow = SummaryRow & { readonly trace_no: bigint; readonly created_revision: bigint };

/** Reads single traces and their payloads. */
export class TraceReader {
  readonly #totals: StoreTotals;
  readonly #removed: RemovedLog;
  readonly #findTrace: StatementSync;
  readonly #spansSince: StatementSync;
  readonly #payloadInfosSince: StatementSync;
  readonly #payload: StatementSync;
  readonly #payloads: StatementSync;

  constructor(database: DatabaseSync, totals: StoreTotals, removed: RemovedLog) {
    this.#totals = totals;
    this.#removed = removed;
    this.#findTrace = database.prepare(
      `SELECT ${SUMMARY_COLUMNS}, t.trace_no, t.created_revision FROM traces t WHERE t.trace_id = ?`,
    );
    this.#findTrace.setReadBigInts(true);
    this.#spansSince = database.prepare(
      'SELECT body FROM spans WHERE trace_no = ? AND revision > ? ORDER BY +start_time',
    );
    this.#payloadInfosSince = database.prepare(
      `SELECT span_id, direction, media_type, original_bytes, truncated, finding_count
       FROM payloads WHERE trace_no = ? AND revision > ? ORDER BY payload_no`,
    );
    const payload = `SELECT p.span_id, p.direction, p.media_type, p.text, p.original_bytes, p.truncated, p.findings
      FROM traces t JOIN payloads p ON p.trace_no = t.trace_no WHERE t.trace_id = ?`;
    this.#payload = database.prepare(`${payload} AND p.span_id = ? AND p.direction = ?`);
    this.#payloads = database.prepare(`${payload} ORDER BY p.payload_no`);
  }

  /** Spans and payloads that changed after `cursor`; all of them when the cursor says nothing about this trace. */
  watch(traceId: TraceId, cursor: Cursor | null): WatchAnswer {
    const latest = this.#totals.revision;
    const row = this.#find(traceId);
    if (row === undefined) {
      const reset = cursor === null || cursor > latest || this.#removed.hasGone(traceId, cursor);
      return { cursor: latest, reset, summary: null, spans: [], payloads: [] };
    }
    const reset = cursor === null || cursor > latest || cursor < Number(row.created_revision);
    const since = reset ? EVERYTHING : cursor;
    return { cursor: latest, reset, summary: summaryOf(row), ...this.#contents(row, since) };
  }

  trace(traceId: TraceId): DetailAnswer | null {
    const row = this.#find(traceId);
    return row === undefined ? null : { summary: summaryOf(row), ...this.#contents(row, EVERYTHING) };
  }

  payload(traceId: TraceId, spanId: SpanId, direction: PayloadDirection): RedactedPayload | null {
    const row = this.#payload.get(traceId, spanId, direction) as PayloadRow | undefined;
    return row === undefined ? null : payloadOf(traceId, row);
  }

  payloads(traceId: TraceId): RedactedPayload[] {
    return Array.from(this.#payloads.iterate(traceId) as Iterable<PayloadRow>, (row) => payloadOf(traceId, row));
  }

  #find(traceId: TraceId): FoundRow | undefined {
    return this.#findTrace.get(traceId) as FoundRow | undefined;
  }

  #contents(row: FoundRow, since: Cursor): { spans: SpanChunks; payloads: PayloadInfo[] } {
    const infos = this.#payloadInfosSince.iterate(row.trace_no, since) as Iterable<PayloadInfoRow>;
    return {
      spans: chunksOf(this.#spansSince.iterate(row.trace_no, since) as Iterable<{ body: string }>),
      payloads: Array.from(infos, payloadInfoOf),
    };
  }
}

function chunksOf(rows: Iterable<{ body: string }>): string[] {
  const chunks: string[] = [];
  let bodies: string[] = [];
  for (const { body } of rows) {
    bodies.push(body);
    if (bodies.length < SPANS_PER_CHUNK) continue;
    chunks.push(`[${bodies.join(',')}]`);
    bodies = [];
  }
  if (bodies.length > 0) chunks.push(`[${bodies.join(',')}]`);
  return chunks;
}

interface PayloadInfoRow {
  readonly span_id: SpanId;
  readonly direction: PayloadDirection;
  readonly media_type: string;
  readonly original_bytes: number;
  readonly truncated: number;
  readonly finding_count: number;
}

function payloadInfoOf(row: PayloadInfoRow): PayloadInfo {
  return {
    spanId: row.span_id,
    direction: row.direction,
    mediaType: row.media_type,
    originalBytes: row.original_bytes,
    truncated: row.truncated !== 0,
    findingCount: row.finding_count,
  };
}

interface PayloadRow extends Omit<PayloadInfoRow, 'finding_count'> {
  readonly text: string;
  readonly findings: string;
}

/** Only redacted payloads are ever put into the table, so what is read from it has been redacted. */
function payloadOf(traceId: TraceId, row: PayloadRow): RedactedPayload {
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
