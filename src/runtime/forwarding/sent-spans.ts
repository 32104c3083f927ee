import type { Cursor } from '../../shared/domain/feed.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';

/** What has been sent to one endpoint, so that of a trace that goes on only what is new is sent. */
export interface SentSpans {
  /** Up to where the trace's changes have been read and sent; null when nothing is known of it. */
  cursorOf(traceId: TraceId): Cursor | null;
  has(traceId: TraceId, spanId: SpanId): boolean;
  add(traceId: TraceId, spanIds: readonly SpanId[]): void;
  /** All that the trace had at `cursor` was sent, or need not be. */
  readUpTo(traceId: TraceId, cursor: Cursor): void;
}

/** Forgotten traces that go on are sent once more as a whole: endpoints bear that. */
const MAX_TRACES = 10_000;
const MAX_SPANS = 100_000;

interface Sent {
  cursor: Cursor | null;
  readonly spanIds: Set<SpanId>;
}

export function createSentSpans(maxTraces = MAX_TRACES, maxSpans = MAX_SPANS): SentSpans {
  const traces = new Map<TraceId, Sent>();
  let spans = 0;

  function recent(traceId: TraceId): Sent {
    const sent = traces.get(traceId) ?? { cursor: null, spanIds: new Set() };
    traces.delete(traceId);
    traces.set(traceId, sent);
    return sent;
  }

  function forgetOldest(): void {
    for (const [traceId, { spanIds }] of traces) {
      if (traces.size <= 1 || (traces.size <= maxTraces && spans <= maxSpans)) return;
      traces.delete(traceId);
      spans -= spanIds.size;
    }
  }

  return {
    cursorOf: (traceId) => traces.get(traceId)?.cursor ?? null,
    has: (traceId, spanId) => traces.get(traceId)?.spanIds.has(spanId) ?? false,
    add(traceId, spanIds) {
      const sent = recent(traceId);
      const before = sent.spanIds.size;
      for (const spanId of spanIds) sent.spanIds.add(spanId);
      spans += sent.spanIds.size - before;
      forgetOldest();
    },
    readUpTo(traceId, cursor) {
      recent(traceId).cursor = cursor;
      forgetOldest();
    },
  };
}
