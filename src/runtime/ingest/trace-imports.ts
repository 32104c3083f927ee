import { openTraceFile } from '../../otlp/read-trace-file.ts';
import type { TraceId, UnixNano } from '../../shared/domain/ids.ts';
import type { TraceStore } from '../../store/port.ts';
import type { ImportedTraces } from '../forwarding/imported-traces.ts';
import type { TraceImports } from '../services.ts';
import { createTurns } from '../turns.ts';
import type { SpanIngest } from './span-ingest.ts';

export interface TraceImportsParts {
  readonly ingest: SpanIngest;
  readonly store: Pick<TraceStore, 'flush'>;
  /** Hears of every trace of a file, since none of them is sent anywhere. */
  readonly imported: Pick<ImportedTraces, 'add'>;
}

/** One file after the other, so that no more than one is in memory unpacked. */
export function createTraceImports({ ingest, store, imported }: TraceImportsParts): TraceImports {
  const inTurn = createTurns();
  return {
    file: (fileName, bytes) =>
      inTurn(async () => {
        const file = await openTraceFile(fileName, bytes);
        const traces = new Set<TraceId>();
        let newest: { readonly traceId: TraceId; readonly startTime: UnixNano } | null = null;
        const taken = await ingest.take(file.pieces(), ({ traceId, startTime }) => {
          imported.add(traceId);
          traces.add(traceId);
          if (newest === null || startTime > newest.startTime) newest = { traceId, startTime };
        });
        await store.flush();
        return {
          fileName,
          format: file.format(),
          traces: traces.size,
          spans: taken.spans,
          payloads: taken.payloads,
          skipped: taken.rejected,
          problems: taken.problems,
          newestTraceId: idOf(newest),
        };
      }),
  };
}

/** Of what a callback has set. */
function idOf(newest: { readonly traceId: TraceId } | null): TraceId | null {
  return newest?.traceId ?? null;
}
