import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { PayloadDirection, RedactedPayload } from '../../shared/domain/redacted.ts';
import type { PayloadInfo } from '../../shared/domain/trace.ts';
import { decodePayloads, directionOf, parsePayloads, payloadInfo } from '../codec/payload-rows.ts';
import type { DetailAnswer, SpanChunks, WatchAnswer } from './protocol.ts';
import type { RemovedLog } from './removed-log.ts';
import type { StoreTotals } from './store-totals.ts';
import { SUMMARY_COLUMNS, summaryOf, type SummaryRow } from './summary-row.ts';

const EVERYTHING = -1;

type FoundRow = SummaryRow & { readonly trace_no: bigint; readonly created_revision: bigint };

/** Reads single traces and their payloads. */
export class TraceReader {
  readonly #totals: StoreTotals;
  readonly #removed: RemovedLog;
  readonly #findTrace: StatementSync;
  readonly #partsSince: StatementSync;
  readonly #payloadRows: StatementSync;
  readonly #texts: StatementSync;

  constructor(database: DatabaseSync, totals: StoreTotals, removed: RemovedLog) {
    this.#totals = totals;
    this.#removed = removed;
    this.#findTrace = database.prepare(
      `SELECT ${SUMMARY_COLUMNS}, t.trace_no, t.created_revision FROM traces t WHERE t.trace_id = ?`,
    );
    this.#findTrace.setReadBigInts(true);
    this.#partsSince = database.prepare(
      'SELECT spans, payloads FROM parts WHERE trace_no = ? AND revision > ? ORDER BY part_no',
    );
    this.#payloadRows = database.prepare(
      `SELECT p.part_no, p.payloads FROM traces t JOIN parts p ON p.trace_no = t.trace_no
       WHERE t.trace_id = ? AND p.payloads <> '' ORDER BY p.part_no`,
    );
    this.#texts = database.prepare('SELECT texts FROM parts WHERE part_no = ?');
  }

  /** Spans and payloads that changed after `cursor`; all of them when the cursor says nothing about this trace. */
  watch(traceId: TraceId, cursor: Cursor | null): WatchAnswer {
    const latest = this.#totals.revision;
    const row = this.#find(traceId);
    if (row === undefined) {
      const reset = cursor === null || cursor > latest || this.#removed.hasGone(traceId, cursor);
      return { cursor: latest, reset, summary: null, spans: [], payloads: [] };
    }
    const isKnown = cursor !== null && cursor <= latest && this.#removed.covers(cursor);
    const reset = !isKnown || cursor < Number(row.created_revision);
    const since = reset ? EVERYTHING : cursor;
    return { cursor: latest, reset, summary: summaryOf(row), ...this.#contents(row, since) };
  }

  trace(traceId: TraceId): DetailAnswer | null {
    const row = this.#find(traceId);
    return row === undefined ? null : { summary: summaryOf(row), ...this.#contents(row, EVERYTHING) };
  }

  payload(traceId: TraceId, spanId: SpanId, direction: PayloadDirection): RedactedPayload | null {
    for (const row of this.#payloadRows.all(traceId) as PayloadsRow[]) {
      const isHere = parsePayloads(row.payloads).some((info) => info[0] === spanId && directionOf(info) === direction);
      if (!isHere) continue;
      const found = this.#decode(traceId, row).find((one) => one.spanId === spanId && one.direction === direction);
      return found ?? null;
    }
    return null;
  }

  payloads(traceId: TraceId): RedactedPayload[] {
    const rows = this.#payloadRows.all(traceId) as PayloadsRow[];
    return rows.flatMap((row) => this.#decode(traceId, row));
  }

  #decode(traceId: TraceId, { part_no: partNo, payloads }: PayloadsRow): RedactedPayload[] {
    const { texts } = this.#texts.get(partNo) as { texts: string };
    return decodePayloads({ payloads, texts }, traceId);
  }

  #find(traceId: TraceId): FoundRow | undefined {
    return this.#findTrace.get(traceId) as FoundRow | undefined;
  }

  #contents(row: FoundRow, since: Cursor): { spans: SpanChunks; payloads: PayloadInfo[] } {
    const spans: string[] = [];
    const payloads: PayloadInfo[] = [];
    for (const part of this.#partsSince.iterate(row.trace_no, since) as Iterable<PartRow>) {
      if (part.spans !== '') spans.push(part.spans);
      for (const info of parsePayloads(part.payloads)) payloads.push(payloadInfo(info));
    }
    return { spans, payloads };
  }
}

interface PartRow {
  readonly spans: string;
  readonly payloads: string;
}

type PayloadsRow = Readonly<{
  part_no: number;
  payloads: string;
}>;
