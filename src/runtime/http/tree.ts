import type { SpanId, UnixNano } from '../../shared/domain/ids.ts';
import { millisBetween } from '../../shared/domain/ids.ts';
import type { Finding, RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';
import type { Attributes } from '../../shared/domain/span.ts';
import type { TraceDetail, TraceSummary } from '../../shared/domain/trace.ts';

/** A trace in the list of the REST interface. Times are ISO 8601 in UTC, durations milliseconds. */
export interface TraceLine extends Omit<TraceSummary, 'startTime' | 'endTime'> {
  readonly startTime: string;
  readonly endTime: string | null;
  /** Null while a span is open. */
  readonly durationMs: number | null;
}

export interface TracePayload {
  readonly direction: 'request' | 'response';
  readonly mediaType: string;
  readonly text: string;
  readonly originalBytes: number;
  readonly truncated: boolean;
  readonly findings: readonly Finding[];
}

/** What one plugin of a chain did. No chain runs in this version, so no list of these has members yet. */
export interface PluginReport {
  readonly name: string;
  readonly outcome: 'ran' | 'modified' | 'stopped' | 'would_stop' | 'skipped' | 'not_reached' | 'failed' | 'timed_out';
  readonly stoppedBy?: string;
}

export interface TreeSpan {
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | null;
  readonly parentIsRemote: boolean;
  readonly name: string;
  readonly kind: RedactedSpan['kind'];
  readonly startTime: string;
  readonly startTimeUnixNano: string;
  readonly endTime: string | null;
  readonly endTimeUnixNano: string | null;
  readonly durationMs: number | null;
  readonly open: boolean;
  readonly status: RedactedSpan['status'];
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly time: string; readonly attributes: Attributes }[];
  readonly links: RedactedSpan['links'];
  readonly service: string | null;
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string | null };
  readonly dropped: RedactedSpan['dropped'];
  readonly findings: readonly Finding[];
  readonly pluginChain: readonly PluginReport[];
  readonly payloads: readonly TracePayload[];
  readonly children: readonly TreeSpan[];
}

export interface TraceTree extends TraceLine {
  /** Spans without a parent in this trace, by start time; every other span is below one of them. */
  readonly spans: readonly TreeSpan[];
}

/** Deeper spans are listed flat beside their ancestor of this depth: writing JSON recurses once per level. */
const MAX_DEPTH = 500;

export function traceLine(summary: TraceSummary): TraceLine {
  const { startTime, endTime } = summary;
  return {
    ...summary,
    startTime: isoTime(startTime),
    endTime: endTime === null ? null : isoTime(endTime),
    durationMs: endTime === null ? null : millisBetween(startTime, endTime),
  };
}

/**
 * The trace as nested spans. Whatever the parents say, every span appears exactly once: one whose parent is not here
 * is a root, and a ring of parents is opened at its earliest span.
 */
export function traceTree(detail: TraceDetail, payloads: readonly RedactedPayload[]): TraceTree {
  const spans = [...detail.spans].sort(byStart);
  const payloadsOf = Map.groupBy(payloads, (payload) => payload.spanId);
  const ids = new Set(spans.map((span) => span.spanId));
  const childrenOf = Map.groupBy(spans, (span) => span.parentSpanId);
  const placed = new Set<SpanId>();
  const roots: TreeSpan[] = [];

  const place = (root: RedactedSpan): void => {
    const pending: { span: RedactedSpan; siblings: TreeSpan[]; depth: number }[] = [
      { span: root, siblings: roots, depth: 0 },
    ];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { span, siblings, depth } = next;
      if (placed.has(span.spanId)) continue;
      placed.add(span.spanId);
      const children: TreeSpan[] = [];
      siblings.push(treeSpan(span, payloadsOf.get(span.spanId) ?? [], children));
      const below = depth < MAX_DEPTH ? { siblings: children, depth: depth + 1 } : { siblings, depth };
      // The last one pushed is the first one placed.
      for (const child of (childrenOf.get(span.spanId) ?? []).toReversed()) pending.push({ span: child, ...below });
    }
  };

  for (const span of spans) if (span.parentSpanId === null || !ids.has(span.parentSpanId)) place(span);
  for (const span of spans) if (!placed.has(span.spanId)) place(span);
  return { ...traceLine(detail.summary), spans: roots };
}

function treeSpan(span: RedactedSpan, payloads: readonly RedactedPayload[], children: readonly TreeSpan[]): TreeSpan {
  const service = span.origin.resource['service.name'];
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    parentIsRemote: span.parentIsRemote,
    name: span.name,
    kind: span.kind,
    startTime: isoTime(span.startTime),
    startTimeUnixNano: String(span.startTime),
    endTime: span.endTime === null ? null : isoTime(span.endTime),
    endTimeUnixNano: span.endTime === null ? null : String(span.endTime),
    durationMs: span.endTime === null ? null : millisBetween(span.startTime, span.endTime),
    open: span.endTime === null,
    status: span.status,
    attributes: span.attributes,
    events: span.events.map((event) => ({ ...event, time: isoTime(event.time) })),
    links: span.links,
    service: typeof service === 'string' ? service : null,
    resource: span.origin.resource,
    scope: { name: span.origin.scopeName, version: span.origin.scopeVersion },
    dropped: span.dropped,
    findings: span.findings,
    pluginChain: [],
    payloads: payloads.map(({ direction, mediaType, text, originalBytes, truncated, findings }) => ({
      direction,
      mediaType,
      text,
      originalBytes,
      truncated,
      findings,
    })),
    children,
  };
}

/** By start time; what started together keeps the order the store gave it. */
function byStart(left: RedactedSpan, right: RedactedSpan): number {
  return left.startTime < right.startTime ? -1 : left.startTime > right.startTime ? 1 : 0;
}

const MAX_ISO_NANOS = 8_640_000_000_000_000_000_000n;

/** Milliseconds are what every reader of ISO times understands; the exact value stands beside it as nanoseconds. */
function isoTime(time: UnixNano): string {
  // A foreign clock may be out of what a date can hold; the far end is then as good as any other day.
  const clamped = time > MAX_ISO_NANOS ? MAX_ISO_NANOS : time;
  return new Date(Number(clamped / 1_000_000n)).toISOString();
}
