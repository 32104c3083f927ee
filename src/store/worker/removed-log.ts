import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';

const MAX_ENTRIES = 10_000;

/**
 * Which traces went away at which revision, so that a feed can say so. Bounded: a cursor from before the oldest entry
 * kept must start over.
 */
export class RemovedLog {
  #entries: { readonly revision: Cursor; readonly traceId: TraceId }[] = [];
  #floor: Cursor;

  /** `floor`: the oldest cursor that can still be answered with a difference. */
  constructor(floor: Cursor) {
    this.#floor = floor;
  }

  add(revision: Cursor, traceId: TraceId): void {
    this.#entries.push({ revision, traceId });
    if (this.#entries.length < 2 * MAX_ENTRIES) return;
    const dropped = this.#entries.splice(0, this.#entries.length - MAX_ENTRIES);
    this.#floor = dropped.at(-1)?.revision ?? this.#floor;
  }

  /** Everything went away at once. */
  restart(revision: Cursor): void {
    this.#entries = [];
    this.#floor = revision;
  }

  covers(cursor: Cursor): boolean {
    return cursor >= this.#floor;
  }

  /** True when the trace went away after `cursor`, or may have. */
  hasGone(traceId: TraceId, cursor: Cursor): boolean {
    return !this.covers(cursor) || this.since(cursor).includes(traceId);
  }

  since(cursor: Cursor): TraceId[] {
    let index = this.#entries.length;
    while (index > 0 && (this.#entries[index - 1]?.revision ?? 0) > cursor) index -= 1;
    return this.#entries.slice(index).map((entry) => entry.traceId);
  }
}
