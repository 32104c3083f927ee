import { setImmediate } from 'node:timers/promises';
import { encodeTraces } from '../otlp/encode-traces.ts';
import { joinExports } from '../otlp/join-exports.ts';
import type { RedactionControl } from '../redaction/port.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { TraceStore } from '../store/port.ts';
import { createExportGuard } from './redaction/export-guard.ts';
import type { ExportOptions, TraceExports, TraceSelection } from './services.ts';

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
    const json = encodeTraces(redacted, bodies, {
      format: 'otlp-json',
      withPayloads: withPayloads || format === 'session',
    });
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
    const takesBodies = options.withPayloads || options.format === 'session';
    for (const group of groupsOf(finished, takesBodies ? await store.payloads(traceId) : [])) {
      parts.push(encodeGroup(group, options));
      await setImmediate();
    }
    if (options.format === 'otlp-json' || options.format === 'otlp-proto') return joinExports(parts, options.format);
    return parts.length === 0 ? new Uint8Array() : Buffer.concat([joinExports(parts, 'otlp-json'), Buffer.from('\n')]);
  }

  /** Oldest first. */
  async function idsOf(selection: TraceSelection): Promise<readonly TraceId[]> {
    if ('query' in selection) return idsOldestFirst(await store.list(selection.query, MAX_EXPORTED_TRACES));
    if (selection.traceIds.length === 1) return selection.traceIds;
    const wanted = new Set(selection.traceIds);
    const stored = idsOldestFirst(await store.list('', MAX_EXPORTED_TRACES));
    return stored.filter((traceId) => wanted.has(traceId));
  }

  return {
    trace: exported,
    async selected(selection, options) {
      const traces: Uint8Array[] = [];
      for (const traceId of await idsOf(selection)) {
        const bytes = await exported(traceId, options);
        if (bytes !== null) traces.push(bytes);
      }
      const bytes = joinExports(traces, options.format === 'session' ? 'otlp-jsonl' : options.format);
      return { bytes, traces: traces.length };
    },
  };
}

function idsOldestFirst(newestFirst: readonly { readonly traceId: TraceId }[]): readonly TraceId[] {
  return newestFirst.map(({ traceId }) => traceId).reverse();
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
