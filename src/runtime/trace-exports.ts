import { encodeTraces } from '../otlp/encode-traces.ts';
import type { Redactor } from '../redaction/port.ts';
import type { TraceId } from '../shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { TraceStore } from '../store/port.ts';
import type { TraceExports } from './services.ts';

/** Most traces one export of everything holds; the store's byte budget usually ends it before. */
const MAX_EXPORTED_TRACES = 100_000;

export function createTraceExports(store: TraceStore, redactor: Redactor): TraceExports {
  interface Parts {
    readonly spans: readonly RedactedSpan[];
    readonly payloads: readonly RedactedPayload[];
  }

  /** What was cut when it was captured stays marked as cut, with its size on the wire. */
  function redactedAgain(payload: RedactedPayload): RedactedPayload {
    const { originalBytes, truncated } = payload;
    const again = redactor.payload(payload);
    return { ...again, originalBytes, truncated: truncated || again.truncated };
  }

  async function partsOf(traceId: TraceId, withPayloads: boolean): Promise<Parts | null> {
    const trace = await store.trace(traceId);
    if (trace === null) return null;
    // Once more, since the rules may have become stricter after this was stored (R26).
    const spans = trace.spans.map((span) => redactor.span(span));
    const payloads = withPayloads ? await store.payloads(traceId) : [];
    return { spans, payloads: payloads.map(redactedAgain) };
  }

  return {
    async trace(traceId, options) {
      const parts = await partsOf(traceId, options.withPayloads);
      return parts === null ? null : encodeTraces(parts.spans, parts.payloads, options);
    },
    async all(options) {
      const newestFirst = await store.list('', MAX_EXPORTED_TRACES);
      const spans: RedactedSpan[] = [];
      const payloads: RedactedPayload[] = [];
      for (const { traceId } of newestFirst.toReversed()) {
        const parts = await partsOf(traceId, options.withPayloads);
        spans.push(...(parts?.spans ?? []));
        payloads.push(...(parts?.payloads ?? []));
      }
      return encodeTraces(spans, payloads, options);
    },
  };
}
