import { joinExports } from '../../otlp/join-exports.ts';
import { requestAddress } from '../../otlp/send/request-address.ts';
import type { ForwardPreview } from '../../shared/contract/messages.ts';
import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import type { TraceSummary } from '../../shared/domain/trace.ts';
import type { TraceStore } from '../../store/port.ts';
import { leavingGroups, type EncodeLeaving } from '../leaving-groups.ts';
import type { ImportedTraces } from './imported-traces.ts';
import { callerSampled, samplerOf } from './sampling.ts';

export interface PreviewParts {
  readonly store: Pick<TraceStore, 'list' | 'trace' | 'payloads' | 'stats'>;
  readonly encode: EncodeLeaving;
  readonly imported: Pick<ImportedTraces, 'has'>;
}

/** Counting more would keep calls of this thread waiting. */
const MAX_COUNTED = 10_000;
/** Of how many traces the newest that would leave is looked for. */
const MAX_LOOKED_AT = 50;
/** A larger trace leaves in several requests; this is the first of them. */
const MAX_SAMPLE_BYTES = 1024 * 1024;

const utf8 = new TextDecoder();

/** What would leave for an endpoint, made as it is made for sending. Rejects with a UserError when it must not leave. */
export async function previewOf(
  endpoint: Omit<ForwardEndpoint, 'headers'> & { readonly headers: Readonly<Record<string, unknown>> },
  parts: PreviewParts,
): Promise<ForwardPreview> {
  const listed = await parts.store.list(endpoint.filter, MAX_COUNTED);
  const matching = listed.filter(({ traceId }) => !parts.imported.has(traceId));
  const { traces } = await parts.store.stats();
  return {
    url: requestAddress(endpoint.url, endpoint.protocol),
    headerNames: Object.keys(endpoint.headers),
    matching: matching.length,
    stored: traces,
    sample: await newestThatLeaves(matching, endpoint, parts),
  };
}

async function newestThatLeaves(
  newestFirst: readonly TraceSummary[],
  endpoint: Pick<ForwardEndpoint, 'sampling' | 'payloads'>,
  { store, encode }: PreviewParts,
): Promise<ForwardPreview['sample']> {
  const leaves = samplerOf(endpoint.sampling);
  for (const { traceId } of newestFirst.slice(0, MAX_LOOKED_AT)) {
    const trace = await store.trace(traceId);
    const finished = trace?.spans.filter(({ endTime }) => endTime !== null) ?? [];
    if (trace === null || finished.length === 0 || !leaves(traceId, callerSampled(trace.spans))) continue;
    const parts: Uint8Array[] = [];
    let spans = 0;
    let bytes = 0;
    for (const group of leavingGroups(finished, await store.payloads(traceId))) {
      const encoded = encode(group, { format: 'otlp-json', withPayloads: endpoint.payloads });
      parts.push(encoded);
      spans += group.spans.length;
      bytes += encoded.length;
      if (bytes >= MAX_SAMPLE_BYTES) break;
    }
    return { traceId, json: utf8.decode(joinExports(parts, 'otlp-json')), spans };
  }
  return null;
}
