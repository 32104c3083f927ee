import type { Cursor } from '../../shared/domain/feed.ts';
import type { TraceId } from '../../shared/domain/ids.ts';

/** Which traces wait to be sent to one endpoint. Their spans stay in the store meanwhile. */
export interface TraceQueue {
  readonly size: number;
  /** Oldest first. */
  ids(): IterableIterator<TraceId>;
  has(traceId: TraceId): boolean;
  /** `revision`: of the trace as it is now. When the queue is full, the trace is let go of. */
  add(traceId: TraceId, revision: Cursor): void;
  /** The trace was read at `cursor`: unless it has changed since then, it waits no more. */
  settle(traceId: TraceId, cursor: Cursor): void;
  /** Lets go of a trace that was not sent. */
  drop(traceId: TraceId): void;
  remove(traceId: TraceId): void;
  /** Traces that were let go of. */
  readonly dropped: number;
  /** The revision of the trace that has waited longest; null when none waits. */
  readonly oldestRevision: Cursor | null;
}

export function createTraceQueue(maxTraces: number): TraceQueue {
  const waiting = new Map<TraceId, Cursor>();
  let dropped = 0;

  return {
    get size() {
      return waiting.size;
    },
    ids: () => [...waiting.keys()].values(),
    has: (traceId) => waiting.has(traceId),
    add(traceId, revision) {
      if (waiting.size >= maxTraces && !waiting.has(traceId)) dropped += 1;
      else waiting.set(traceId, revision);
    },
    settle(traceId, cursor) {
      if ((waiting.get(traceId) ?? 0) <= cursor) waiting.delete(traceId);
    },
    drop(traceId) {
      if (waiting.delete(traceId)) dropped += 1;
    },
    remove(traceId) {
      waiting.delete(traceId);
    },
    get dropped() {
      return dropped;
    },
    get oldestRevision() {
      return waiting.size === 0 ? null : Math.min(...waiting.values());
    },
  };
}
