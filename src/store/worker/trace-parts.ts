import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodePayloads, encodePayloads } from '../codec/payload-rows.ts';
import { decodeSpans, encodeSpans } from '../codec/span-rows.ts';
import type { LiveTrace, Lost, PartState } from './live-trace.ts';
import type { TracePart } from './protocol.ts';
import { partBytes } from './sizes.ts';

/** The rows of `parts` as batches come: written once, and mended when what they hold is replaced. */
export class TraceParts {
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #rewrite: StatementSync;
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

  #filter(trace: LiveTrace, partNo: number, state: PartState): void {
    const { traceId, aggregate } = trace;
    const row = this.#read.get(partNo) as { spans: string; payloads: string; texts: string };
    const spans = encodeSpans(
      decodeSpans(row.spans, traceId).filter(({ spanId }) => aggregate.partOfSpan(spanId) === partNo),
    );
    const { payloads, texts } = encodePayloads(
      decodePayloads(row, traceId).filter(
        ({ spanId, direction }) => aggregate.partOfPayload(spanId, direction) === partNo,
      ),
    );
    const textBytes = Buffer.byteLength(texts);
    this.#rewrite.run(textBytes, spans, payloads, texts, partNo);
    state.spanBytes = Buffer.byteLength(spans);
    state.bytes = partBytes(state.spanBytes, Buffer.byteLength(payloads), textBytes);
  }
}
