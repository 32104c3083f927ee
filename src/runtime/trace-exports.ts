import { setImmediate } from 'node:timers/promises';
import { encodeTraces } from '../otlp/encode-traces.ts';
import { joinExports } from '../otlp/join-exports.ts';
import type { RedactionControl } from '../redaction/port.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { TraceStore } from '../store/port.ts';
import { createExportGuard } from './redaction/export-guard.ts';
import type { ExportOptions, TraceExports } from './services.ts';

/** Most traces one export of everything holds; the store's byte budget usually ends it before. */
const MAX_EXPORTED_TRACES = 100_000;

/** Spans and bodies of about so many characters are read in one go: more would keep calls of this thread waiting. */
const GROUP_LENGTH = 96 * 1024;
const SPAN_LENGTH = 1_000;

interface Group {
  readonly spans: RedactedSpan[];
  readonly payloads: RedactedPayload[];
}

export function createTraceExports(
  store: Pick<TraceStore, 'trace' | 'payloads' | 'list'>,
  control: Pick<RedactionControl, 'spanAgain' | 'payloadAgain' | 'inspect' | 'rules'>,
): TraceExports {
  const guard = createExportGuard(control);

  function encodeGroup({ spans, payloads }: Group, { format, withPayloads }: ExportOptions): Uint8Array {
    // Once more, since the rules may have become stricter after this was stored (R26).
    const redacted = spans.map((span) => control.spanAgain(span));
    const bodies = payloads.map((payload) => control.payloadAgain(payload));
    const json = encodeTraces(redacted, bodies, { format: 'otlp-json', withPayloads });
    // Protobuf is no text: the same spans are read as JSON.
    guard(json);
    return format === 'otlp-proto' ? encodeTraces(redacted, bodies, { format, withPayloads }) : json;
  }

  /** Null when the trace is not in the store. Each group is read as it leaves: joining them changes no byte of them. */
  async function exported(traceId: TraceId, options: ExportOptions): Promise<Uint8Array | null> {
    const trace = await store.trace(traceId);
    if (trace === null) return null;
    const finished = trace.spans.filter(({ endTime }) => endTime !== null);
    const parts: Uint8Array[] = [];
    for (const group of groupsOf(finished, options.withPayloads ? await store.payloads(traceId) : [])) {
      parts.push(encodeGroup(group, options));
      await setImmediate();
    }
    if (options.format !== 'otlp-jsonl') return joinExports(parts, options.format);
    return parts.length === 0 ? new Uint8Array() : Buffer.concat([joinExports(parts, 'otlp-json'), Buffer.from('\n')]);
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

/** Spans in their order, each with its bodies. */
function groupsOf(spans: readonly RedactedSpan[], payloads: readonly RedactedPayload[]): readonly Group[] {
  const bodiesOf: ReadonlyMap<SpanId, RedactedPayload[]> = Map.groupBy(payloads, ({ spanId }) => spanId);
  const groups: Group[] = [];
  let length = GROUP_LENGTH;
  for (const span of spans) {
    if (length >= GROUP_LENGTH) {
      groups.push({ spans: [], payloads: [] });
      length = 0;
    }
    const bodies = bodiesOf.get(span.spanId) ?? [];
    groups.at(-1)?.spans.push(span);
    groups.at(-1)?.payloads.push(...bodies);
    length += bodies.reduce((sum, { text }) => sum + text.length, SPAN_LENGTH);
  }
  return groups;
}
