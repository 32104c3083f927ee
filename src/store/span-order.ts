import type { SpanId } from '../shared/domain/ids.ts';
import type { RedactedSpan } from '../shared/domain/redacted.ts';

/** Sorts in place: by start time, and where spans started together, parents before their children. */
export function orderSpans(spans: RedactedSpan[]): RedactedSpan[] {
  spans.sort((a, b) => (a.startTime < b.startTime ? -1 : a.startTime > b.startTime ? 1 : 0));
  let start = 0;
  for (let end = 1; end <= spans.length; end += 1) {
    if (end < spans.length && spans[end]?.startTime === spans[start]?.startTime) continue;
    if (end - start > 1) spans.splice(start, end - start, ...parentsFirst(spans.slice(start, end)));
    start = end;
  }
  return spans;
}

function parentsFirst(spans: readonly RedactedSpan[]): RedactedSpan[] {
  const parents = new Map(spans.map((span) => [span.spanId, span.parentSpanId]));
  const depths = new Map<SpanId, number>();
  for (const { spanId } of spans) depths.set(spanId, ancestorsWithin(parents, spanId));
  return [...spans].sort((a, b) => (depths.get(a.spanId) ?? 0) - (depths.get(b.spanId) ?? 0));
}

function ancestorsWithin(parents: ReadonlyMap<SpanId, SpanId | null>, spanId: SpanId): number {
  let count = 0;
  let parent = parents.get(spanId) ?? null;
  // Parents that form a ring would never end.
  while (parent !== null && parents.has(parent) && count < parents.size) {
    count += 1;
    parent = parents.get(parent) ?? null;
  }
  return count;
}
