import { setImmediate } from 'node:timers/promises';
import { joinExports } from '../otlp/join-exports.ts';
import type { RedactionControl } from '../redaction/port.ts';
import type { TraceId } from '../shared/domain/ids.ts';
import type { TraceStore } from '../store/port.ts';
import { createEncodeLeaving, leavingGroups } from './leaving-groups.ts';
import type { ExportOptions, TraceExports, TraceSelection } from './services.ts';

/** Most traces one export of everything holds; the store's byte budget usually ends it before. */
const MAX_EXPORTED_TRACES = 100_000;

const LINE_FEED = Buffer.from('\n');

export function createTraceExports(
  store: Pick<TraceStore, 'trace' | 'payloads' | 'list'>,
  control: Pick<RedactionControl, 'spanAgain' | 'payloadAgain' | 'inspect' | 'rules'>,
): TraceExports {
  const encode = createEncodeLeaving(control);

  /**
   * A trace as a part of a file: a line, or a document like those it is joined with. Null when it is not in the store. Each
   * group is read as it leaves: joining them changes no byte of them.
   */
  async function exported(traceId: TraceId, { format, withPayloads }: ExportOptions): Promise<Uint8Array | null> {
    const trace = await store.trace(traceId);
    if (trace === null) return null;
    const finished = trace.spans.filter(({ endTime }) => endTime !== null);
    const isSession = format === 'session';
    const groups = leavingGroups(finished, isSession || withPayloads ? await store.payloads(traceId) : []);
    const groupFormat = format === 'otlp-proto' ? format : 'otlp-json';
    const parts: Uint8Array[] = [];
    for (const group of groups) {
      const asked = { withPayloads: isSession || withPayloads, withFindings: isSession };
      parts.push(encode(group, { format: groupFormat, ...asked }));
      await setImmediate();
    }
    const whole = joinExports(parts, groupFormat);
    if (format === 'otlp-json' || format === 'otlp-proto') return whole;
    return parts.length === 0 ? new Uint8Array() : Buffer.concat([whole, LINE_FEED]);
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
    async trace(traceId, options) {
      const bytes = await exported(traceId, options);
      return bytes !== null && options.format === 'session' ? joinExports([bytes], 'session') : bytes;
    },
    async selected(selection, options) {
      const traces: Uint8Array[] = [];
      for (const traceId of await idsOf(selection)) {
        const bytes = await exported(traceId, options);
        if (bytes !== null) traces.push(bytes);
      }
      return { bytes: joinExports(traces, options.format), traces: traces.length };
    },
  };
}

function idsOldestFirst(newestFirst: readonly { readonly traceId: TraceId }[]): readonly TraceId[] {
  return newestFirst.map(({ traceId }) => traceId).reverse();
}
