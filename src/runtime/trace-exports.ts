import { setImmediate } from 'node:timers/promises';
import { joinExports } from '../otlp/join-exports.ts';
import type { RedactionControl } from '../redaction/port.ts';
import type { TraceId } from '../shared/domain/ids.ts';
import type { TraceStore } from '../store/port.ts';
import { createEncodeLeaving, leavingGroups } from './leaving-groups.ts';
import type { ExportOptions, TraceExports, TraceSelection } from './services.ts';

/** Most traces one export of everything holds; the store's byte budget usually ends it before. */
const MAX_EXPORTED_TRACES = 100_000;

export function createTraceExports(
  store: Pick<TraceStore, 'trace' | 'payloads' | 'list'>,
  control: Pick<RedactionControl, 'spanAgain' | 'payloadAgain' | 'inspect' | 'rules'>,
): TraceExports {
  const encode = createEncodeLeaving(control);

  /** Null when the trace is not in the store. Each group is read as it leaves: joining them changes no byte of them. */
  async function exported(traceId: TraceId, options: ExportOptions): Promise<Uint8Array | null> {
    const trace = await store.trace(traceId);
    if (trace === null) return null;
    const finished = trace.spans.filter(({ endTime }) => endTime !== null);
    const parts: Uint8Array[] = [];
    const takesBodies = options.withPayloads || options.format === 'session';
    const format = options.format === 'otlp-proto' ? 'otlp-proto' : 'otlp-json';
    for (const group of leavingGroups(finished, takesBodies ? await store.payloads(traceId) : [])) {
      parts.push(encode(group, { format, withPayloads: takesBodies }));
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
