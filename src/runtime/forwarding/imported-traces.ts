import type { TraceId } from '../../shared/domain/ids.ts';

/**
 * Traces that came from files. They are looked at here and sent nowhere: whoever opens a colleague's file does not mean to
 * put it into their own backend.
 */
export interface ImportedTraces {
  add(traceId: TraceId): void;
  has(traceId: TraceId): boolean;
}

/** More than a store usually holds; the oldest are forgotten, which matters only while their import is under way. */
const MAX_TRACES = 200_000;

export function createImportedTraces(): ImportedTraces {
  const traces = new Set<TraceId>();
  return {
    add(traceId) {
      if (traces.size >= MAX_TRACES && !traces.has(traceId)) {
        const [oldest] = traces;
        if (oldest !== undefined) traces.delete(oldest);
      }
      traces.add(traceId);
    },
    has: (traceId) => traces.has(traceId),
  };
}
