import { encodeTraces } from '../otlp/encode-traces.ts';
import { joinExports } from '../otlp/join-exports.ts';
import type { RedactionControl } from '../redaction/port.ts';
import type { TraceId } from '../shared/domain/ids.ts';
import type { TraceStore } from '../store/port.ts';
import { createExportGuard } from './redaction/export-guard.ts';
import type { ExportOptions, TraceExports } from './services.ts';

/** Most traces one export of everything holds; the store's byte budget usually ends it before. */
const MAX_EXPORTED_TRACES = 100_000;

export function createTraceExports(
  store: Pick<TraceStore, 'trace' | 'payloads' | 'list'>,
  control: Pick<RedactionControl, 'spanAgain' | 'payloadAgain' | 'inspect' | 'rules'>,
): TraceExports {
  const guard = createExportGuard(control);

  /** Null when the trace is not in the store. */
  async function exported(traceId: TraceId, options: ExportOptions): Promise<Uint8Array | null> {
    const trace = await store.trace(traceId);
    if (trace === null) return null;
    // Once more, since the rules may have become stricter after this was stored (R26).
    const spans = trace.spans.map((span) => control.spanAgain(span));
    const payloads = options.withPayloads ? await store.payloads(traceId) : [];
    const bodies = payloads.map((payload) => control.payloadAgain(payload));
    const bytes = encodeTraces(spans, bodies, options);
    // Protobuf is no text: the same spans are read as JSON.
    const readable = options.format === 'otlp-proto' ? { ...options, format: 'otlp-json' as const } : null;
    guard(readable === null ? bytes : encodeTraces(spans, bodies, readable));
    return bytes;
  }

  return {
    trace: exported,
    async all(options) {
      const newestFirst = await store.list('', MAX_EXPORTED_TRACES);
      const traces: Uint8Array[] = [];
      for (const { traceId } of newestFirst.toReversed()) {
        const bytes = await exported(traceId, options);
        if (bytes !== null) traces.push(bytes);
      }
      return joinExports(traces, options.format);
    },
  };
}
