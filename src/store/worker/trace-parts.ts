import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodePayloads, encodePayloads } from '../codec/payload-rows.ts';
import { decodeSpans, encodeSpans } from '../codec/span-rows.ts';
import { takeIn, type LiveTrace, type Lost, type PartState } from './live-trace.ts';
import type { StoredPart, TracePart } from './protocol.ts';
import { partBytes } from './sizes.ts';

/** The rows of `parts` as batches come: written once, and mended when what they hold is replaced. */
export class TraceParts {
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #rewrite: StatementSync;
  readonly #replace: StatementSync;
  readonly #revisionOf: StatementSync;
  readonly #dropSpans: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT INTO parts (trace_no, revision, text_bytes, spans, payloads, texts) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#read = database.prepare('SELECT spans, payloads, texts FROM parts WHERE part_no = ?');
    this.#rewrite = database.prepare(
      'UPDATE parts SET text_bytes = ?, spans = ?, payloads = ?, texts = ? WHERE part_no = ?',
    );
    this.#replace = database.prepare(
      'UPDATE parts SET revision = ?, text_bytes = ?, spans = ?, payloads = ?, texts = ? WHERE part_no = ?',
    );
    this.#revisionOf = database.prepare('SELECT revision FROM parts WHERE part_no = ?');
    this.#dropSpans = database.prepare("UPDATE parts SET spans = '' WHERE part_no = ?");
    this.#delete = database.prepare('DELETE FROM parts WHERE part_no = ?');
  }

  /** Answers with the number of the row, in which nothing is valid until it has been taken in. */
  add(trace: LiveTrace, revision: number, part: TracePart): number {
    const textBytes = Buffer.byteLength(part.texts);
    const { lastInsertRowid } = this.#insert.run(
      trace.traceNo,
      revision,
      textBytes,
      part.spans,
      part.payloads,
      part.texts,
    );
    const partNo = Number(lastInsertRowid);
    const spanBytes = Buffer.byteLength(part.spans);
    const bytes = partBytes(spanBytes, Buffer.byteLength(part.payloads), textBytes);
    trace.parts.set(partNo, { spans: 0, payloads: 0, bytes, spanBytes });
    trace.partBytes += bytes;
    return partNo;
  }

  /** Takes out of a row what is no longer valid in it. */
  mend(trace: LiveTrace, partNo: number, lost: Lost): void {
    const state = trace.parts.get(partNo);
    if (state === undefined) throw new Error(`Part ${partNo} is not one of trace ${trace.traceId}`);
    state.spans -= lost.spans;
    state.payloads -= lost.payloads;
    trace.partBytes -= state.bytes;
    if (state.spans === 0 && state.payloads === 0) {
      this.#delete.run(partNo);
      trace.parts.delete(partNo);
      return;
    }
    if (state.spans === 0 && lost.payloads === 0) {
      this.#dropSpans.run(partNo);
      state.bytes -= state.spanBytes;
      state.spanBytes = 0;
    } else this.#filter(trace, partNo, state);
    trace.partBytes += state.bytes;
  }

  /** False when the row was deleted, or its number given to another, since it was read. */
  isAsRead({ partNo, revision }: StoredPart): boolean {
    const row = this.#revisionOf.get(partNo) as { revision: number } | undefined;
    return row?.revision === revision;
  }

  /** Puts other content into a row, but for what became invalid in it since it was read. */
  replace(trace: LiveTrace, revision: number, { partNo, ...part }: StoredPart): void {
    const state = trace.parts.get(partNo);
    if (state === undefined) throw new Error(`Part ${partNo} is not one of trace ${trace.traceId}`);
    const valid = stillValid(trace, partNo, part);
    const textBytes = Buffer.byteLength(valid.texts);
    this.#replace.run(revision, textBytes, valid.spans, valid.payloads, valid.texts, partNo);
    trace.partBytes -= state.bytes;
    state.spanBytes = Buffer.byteLength(valid.spans);
    state.bytes = partBytes(state.spanBytes, Buffer.byteLength(valid.payloads), textBytes);
    trace.partBytes += state.bytes;
    // Taken in once more: what it counted before is what it replaces.
    state.spans = 0;
    state.payloads = 0;
    takeIn(trace, partNo, valid);
  }

  #filter(trace: LiveTrace, partNo: number, state: PartState): void {
    const row = this.#read.get(partNo) as { spans: string; payloads: string; texts: string };
    const { spans, payloads, texts } = stillValid(trace, partNo, row);
    const textBytes = Buffer.byteLength(texts);
    this.#rewrite.run(textBytes, spans, payloads, texts, partNo);
    state.spanBytes = Buffer.byteLength(spans);
    state.bytes = partBytes(state.spanBytes, Buffer.byteLength(payloads), textBytes);
  }
}

/** Of what a row held, the spans and bodies that no other row has newer. */
function stillValid(
  { traceId, aggregate }: LiveTrace,
  partNo: number,
  part: Pick<TracePart, 'spans' | 'payloads' | 'texts'>,
): Pick<TracePart, 'spans' | 'payloads' | 'texts'> {
  const spans = encodeSpans(
    decodeSpans(part.spans, traceId).filter(({ spanId }) => aggregate.partOfSpan(spanId) === partNo),
  );
  const bodies = encodePayloads(
    decodePayloads(part, traceId).filter(
      ({ spanId, direction }) => aggregate.partOfPayload(spanId, direction) === partNo,
    ),
  );
  return { spans, ...bodies };
}
