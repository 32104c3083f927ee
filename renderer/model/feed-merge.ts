import type { Cursor, TraceFeed, TraceWatch } from '../../src/shared/domain/feed.ts';
import type { SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { PayloadInfo, StoreStats, TraceSummary } from '../../src/shared/domain/trace.ts';

/** The trace list as last heard. A new object whenever anything changed, so that views may compare by reference. */
export interface ListPicture {
  /** Newest first. */
  readonly traces: readonly TraceSummary[];
  readonly stats: StoreStats | null;
  readonly loaded: boolean;
}

export const EMPTY_LIST: ListPicture = { traces: [], stats: null, loaded: false };

/** Most rows the list keeps; the oldest leave first. The store keeps them all, within its budget. */
export const MAX_LISTED_TRACES = 5_000;

export function mergeFeed(picture: ListPicture, feed: TraceFeed): ListPicture {
  if (feed.reset) return { traces: feed.traces, stats: feed.stats, loaded: true };
  if (feed.traces.length === 0 && feed.removed.length === 0) return { ...picture, stats: feed.stats, loaded: true };
  const changed = new Map(feed.traces.map((trace) => [trace.traceId, trace]));
  const removed = new Set<TraceId>(feed.removed);
  const traces: TraceSummary[] = [];
  for (const trace of picture.traces) {
    const fresh = changed.get(trace.traceId);
    changed.delete(trace.traceId);
    if (fresh !== undefined) traces.push(fresh);
    else if (!removed.has(trace.traceId)) traces.push(trace);
  }
  const added = [...changed.values()];
  const merged = added.length === 0 ? traces : [...added, ...traces].sort(newestFirst).slice(0, MAX_LISTED_TRACES);
  return { traces: merged, stats: feed.stats, loaded: true };
}

function newestFirst(left: TraceSummary, right: TraceSummary): number {
  if (left.startTime === right.startTime) return 0;
  return left.startTime > right.startTime ? -1 : 1;
}

/** How many traces of `live` the frozen picture has not. */
export function countNew(live: ListPicture, frozen: ListPicture): number {
  const known = new Set(frozen.traces.map((trace) => trace.traceId));
  return live.traces.reduce((count, trace) => count + (known.has(trace.traceId) ? 0 : 1), 0);
}

/** One trace as last heard. */
export interface TracePicture {
  readonly cursor: Cursor | null;
  readonly summary: TraceSummary | null;
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly PayloadInfo[];
  readonly loaded: boolean;
}

export const EMPTY_TRACE: TracePicture = { cursor: null, summary: null, spans: [], payloads: [], loaded: false };

export function mergeWatch(picture: TracePicture, watch: TraceWatch): TracePicture {
  if (watch.reset) {
    const { cursor, summary, spans, payloads } = watch;
    return { cursor, summary, spans, payloads, loaded: true };
  }
  return {
    cursor: watch.cursor,
    // A trace that was evicted while open stays readable: what was seen is kept, only its summary no longer changes.
    summary: watch.summary ?? picture.summary,
    spans: mergeSpans(picture.spans, watch.spans),
    payloads: mergePayloads(picture.payloads, watch.payloads),
    loaded: true,
  };
}

function mergeSpans(old: readonly RedactedSpan[], changed: readonly RedactedSpan[]): readonly RedactedSpan[] {
  if (changed.length === 0) return old;
  const fresh = new Map<SpanId, RedactedSpan>(changed.map((span) => [span.spanId, span]));
  const kept = old.map((span) => {
    const replacement = fresh.get(span.spanId);
    if (replacement === undefined) return span;
    fresh.delete(span.spanId);
    return replacement;
  });
  return fresh.size === 0 ? kept : [...kept, ...fresh.values()];
}

function mergePayloads(old: readonly PayloadInfo[], changed: readonly PayloadInfo[]): readonly PayloadInfo[] {
  if (changed.length === 0) return old;
  const key = (info: PayloadInfo): string => `${info.spanId} ${info.direction}`;
  const merged = new Map(old.map((info) => [key(info), info]));
  for (const info of changed) merged.set(key(info), info);
  return [...merged.values()];
}
