import type { TraceId } from '../../shared/domain/ids.ts';
import { directionOf, parsePayloads } from '../codec/payload-rows.ts';
import { parseSpans } from '../codec/span-rows.ts';
import { factsOfRows } from '../summary/span-facts.ts';
import { TraceAggregate } from '../summary/trace-aggregate.ts';
import { NO_SET } from './facet-sets.ts';

/** A trace that is being written. */
export interface LiveTrace {
  readonly traceNo: number;
  readonly traceId: TraceId;
  readonly createdRevision: number;
  readonly aggregate: TraceAggregate;
  readonly parts: Map<number, PartState>;
  /** Bytes of all `parts`. */
  partBytes: number;
  facetSet: number;
  /** What the trace's row says. */
  storedBytes: number;
  storedSpans: number;
}

/** What a row of `parts` holds that is still valid, and its size. */
export interface PartState {
  spans: number;
  payloads: number;
  bytes: number;
  /** Of `bytes`, what the spans take. */
  spanBytes: number;
}

/** What of a row is no longer valid. */
export interface Lost {
  spans: number;
  payloads: number;
}

export function newLiveTrace(traceId: TraceId, traceNo: number, createdRevision: number): LiveTrace {
  return {
    traceNo,
    traceId,
    createdRevision,
    aggregate: new TraceAggregate(),
    parts: new Map(),
    partBytes: 0,
    facetSet: NO_SET,
    storedBytes: 0,
    storedSpans: 0,
  };
}

/**
 * Brings a trace up to what a row of `parts` holds. Answers with the rows that this makes invalid in part, or null when
 * there is none, as with every trace that is stored once.
 */
export function takeIn(
  { aggregate, parts }: LiveTrace,
  partNo: number,
  part: { readonly spans: string; readonly payloads: string },
): ReadonlyMap<number, Lost> | null {
  let replaced: Map<number, Lost> | null = null;
  const lostOf = (from: number): Lost => {
    replaced ??= new Map();
    const lost = replaced.get(from) ?? { spans: 0, payloads: 0 };
    replaced.set(from, lost);
    return lost;
  };
  const state = parts.get(partNo);
  if (state === undefined) throw new Error(`Part ${partNo} was not added`);
  if (part.spans !== '') {
    for (const facts of factsOfRows(parseSpans(part.spans), partNo)) {
      const from = aggregate.upsertSpan(facts);
      state.spans += 1;
      if (from !== undefined) lostOf(from).spans += 1;
    }
  }
  for (const row of parsePayloads(part.payloads)) {
    const [spanId, , , , originalBytes, , findings] = row;
    const facts = { spanId, direction: directionOf(row), partNo, originalBytes, findingCount: findings?.length ?? 0 };
    const from = aggregate.upsertPayload(facts);
    state.payloads += 1;
    if (from !== undefined) lostOf(from).payloads += 1;
  }
  return replaced;
}
