import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';
import type { EncodedBatch, StoredPage, StoredPart, StoredPlace } from './protocol.ts';

/** A page ends with the part that makes it longer than this, in UTF-16 code units. */
const PAGE_LENGTH = 512 * 1024;
const PAGE_PARTS = 64;
const TRACES_AT_ONCE = 64;

const START: StoredPlace = { traceNo: 0, partNo: 0 };

/** Reads what is stored in the order of its traces, a bounded page at a time. */
export class StoredParts {
  readonly #tracesFrom: StatementSync;
  readonly #partNumbers: StatementSync;
  readonly #read: StatementSync;

  constructor(database: DatabaseSync) {
    this.#tracesFrom = database.prepare(
      `SELECT trace_no, trace_id FROM traces WHERE trace_no >= ? AND created_revision <= ?
       ORDER BY trace_no LIMIT ${TRACES_AT_ONCE}`,
    );
    this.#partNumbers = database.prepare(
      'SELECT part_no FROM parts WHERE trace_no = ? AND part_no > ? AND revision <= ? ORDER BY part_no',
    );
    this.#read = database.prepare('SELECT revision, spans, payloads, texts FROM parts WHERE part_no = ?');
  }

  /**
   * Everything, in batches of bounded size; a trace may be in several. Parts without spans come last: what belongs to a
   * span that was written anew stands before it, and a body finds its place only in a trace that is there.
   */
  *all(): Generator<EncodedBatch> {
    const withoutSpans: StoredPart[] = [];
    for (let place: StoredPlace | null = START; place !== null;) {
      const page: StoredPage = this.page(place, Number.MAX_SAFE_INTEGER);
      yield batchOf(page.parts.filter((part) => part.spans !== ''));
      // Without their texts, which are read when their turn comes.
      for (const part of page.parts) if (part.spans === '') withoutSpans.push({ ...part, texts: '' });
      place = page.next;
    }
    for (const part of withoutSpans) yield batchOf([{ ...part, ...(this.#read.get(part.partNo) as PartRow) }]);
  }

  /** What was last written at `until` or before. */
  page({ traceNo, partNo }: StoredPlace, until: Cursor): StoredPage {
    const parts: StoredPart[] = [];
    let length = 0;
    let finishedTraces = 0;
    let next: StoredPlace | null = null;
    for (const trace of this.#tracesFrom.all(traceNo, until) as TraceRow[]) {
      const after = trace.trace_no === traceNo ? partNo : 0;
      for (const { part_no } of this.#partNumbers.all(trace.trace_no, after, until) as { part_no: number }[]) {
        const row = this.#read.get(part_no) as PartRow;
        parts.push({ partNo: part_no, traceId: trace.trace_id, ...row });
        length += row.spans.length + row.payloads.length + row.texts.length;
        if (length >= PAGE_LENGTH || parts.length >= PAGE_PARTS)
          return { parts, finishedTraces, next: { traceNo: trace.trace_no, partNo: part_no } };
      }
      finishedTraces += 1;
      next = { traceNo: trace.trace_no + 1, partNo: 0 };
    }
    return { parts, finishedTraces, next };
  }
}

function batchOf(parts: readonly StoredPart[]): EncodedBatch {
  return {
    traceIds: parts.map((part) => part.traceId),
    spans: parts.map((part) => part.spans),
    payloads: parts.map((part) => part.payloads),
    texts: parts.map((part) => part.texts),
  };
}

type TraceRow = Readonly<{
  trace_no: number;
  trace_id: TraceId;
}>;

type PartRow = Readonly<{
  revision: number;
  spans: string;
  payloads: string;
  texts: string;
}>;
