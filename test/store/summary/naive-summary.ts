import type { ServerId, SpanId } from '../../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { TraceStatus } from '../../../src/shared/domain/trace.ts';
import type { SummaryFields } from '../../../src/store/summary/trace-aggregate.ts';

/** The definition of a trace's summary, computed from all its spans with no regard for cost. */
export function naiveSummary(spans: readonly RedactedSpan[], payloads: readonly RedactedPayload[]): SummaryFields {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const byStart = [...spans].sort((a, b) => compare(a.startTime, b.startTime) || compare(a.spanId, b.spanId));
  const depth = (span: RedactedSpan) => depthOf(byId, span);
  const misses = (span: RedactedSpan) => span.parentSpanId !== null && !byId.has(span.parentSpanId);
  const noParent = byStart.find((span) => span.parentSpanId === null);
  const remoteMissing = byStart.find((span) => span.parentIsRemote && misses(span));
  const root = noParent ?? remoteMissing ?? byStart[0];
  if (root === undefined) throw new Error('A trace has a span');
  const shallowest = [...byStart].sort((a, b) => depth(a) - depth(b));
  const deepest = [...byStart].sort((a, b) => depth(b) - depth(a));
  const operation = shallowest.find((span) => text(span, 'mcp.method.name') !== null);
  const open = spans.filter((span) => span.endTime === null);
  const blocker = byStart.find((span) => span.attributes['plugin.chain.stopped'] === true);
  const rounds = byStart.filter(
    (span) => operation !== undefined && span.parentSpanId === operation.spanId && (isWait(span) || isServed(span)),
  );
  const last = rounds.at(-1);
  const decides =
    last !== undefined && (!isWait(last) || (last.endTime ?? 0n) > (operation?.endTime ?? last.endTime ?? 0n));
  const errorTypes = (decides ? [last] : [root, operation]).flatMap((span) => (span && text(span, 'error.type')) ?? []);
  const errors = spans.filter((span) => span.status.code === 'error');
  const status = (): TraceStatus => {
    if (open.length > 0) return 'pending';
    if (blocker !== undefined) return 'blocked';
    if (errorTypes.includes('cancelled')) return 'cancelled';
    return errors.length > 0 || errorTypes.length > 0 ? 'error' : 'ok';
  };
  const ends = spans.map((span) => span.endTime).filter((time) => time !== null);
  return {
    name: root.name,
    method: operation ? text(operation, 'mcp.method.name') : null,
    target: operation ? (text(operation, 'gen_ai.tool.name') ?? text(operation, 'mcp.resource.uri')) : null,
    serverIds: distinct(spans.map((span) => text(span, 'throughline.server.id'))) as ServerId[],
    client: byStart.map((span) => text(span, 'throughline.client.name')).find((name) => name !== null) ?? null,
    clientProtocol:
      byStart
        .filter((span) => span.kind !== 'client')
        .map((span) => text(span, 'mcp.protocol.version'))
        .find((version) => version !== null) ?? null,
    serverProtocols: distinct(
      spans.filter((span) => span.kind === 'client').map((span) => text(span, 'mcp.protocol.version')),
    ),
    services: distinct(spans.map((span) => String(span.origin.resource['service.name']))),
    startTime: byStart[0]?.startTime ?? root.startTime,
    endTime: open.length > 0 ? null : ends.reduce((a, b) => (a > b ? a : b)),
    status: status(),
    waitsFor: distinct(open.flatMap((span) => (isWait(span) ? inputMethods(span) : []))),
    waitedMs: waitedNanos(spans) / 1e6,
    blockedBy: blocker ? (text(blocker, 'plugin.chain.stopped_by') ?? 'plugin') : null,
    errorMessage: deepest.map(failureOf).find((message) => message !== null) ?? null,
    spanCount: spans.length,
    openSpanCount: open.length,
    errorCount: errors.length,
    redactionCount: sum(spans.map((span) => span.findings.length)) + sum(payloads.map((p) => p.findings.length)),
    payloadBytes: sum(payloads.map((payload) => payload.originalBytes)),
    remoteParentMissing: noParent === undefined && remoteMissing !== undefined,
    upkeep:
      spans.some(isServed) && text(root, 'throughline.upkeep') === 'stream' ? null : text(root, 'throughline.upkeep'),
  };
}

function inputMethods(span: RedactedSpan): readonly string[] {
  return (span.attributes['throughline.input.methods'] ?? []) as readonly string[];
}

function isWait(span: RedactedSpan): boolean {
  return 'throughline.input.methods' in span.attributes;
}

function isServed(span: RedactedSpan): boolean {
  return span.kind === 'server' && text(span, 'throughline.upkeep') === null;
}

/** Counts the moments between the first start and the last end in which anything was waited for. */
function waitedNanos(spans: readonly RedactedSpan[]): number {
  const waits = spans.filter((span) => isWait(span) && span.endTime !== null);
  const bounds = [...new Set(waits.flatMap((span) => [span.startTime, span.endTime ?? 0n]))].sort(compare);
  return sum(
    bounds.slice(1).map((bound, index) => {
      const from = bounds[index] ?? bound;
      const isWaited = waits.some(({ startTime, endTime }) => startTime <= from && (endTime ?? 0n) >= bound);
      return isWaited ? Number(bound - from) : 0;
    }),
  );
}

function depthOf(byId: ReadonlyMap<SpanId, RedactedSpan>, span: RedactedSpan): number {
  const path = [span.spanId];
  for (;;) {
    const parent: SpanId | null = byId.get(path.at(-1) as SpanId)?.parentSpanId ?? null;
    if (parent === null || !byId.has(parent)) return path.length - 1;
    // A ring: its members count as depth 0, what hangs from it counts from there.
    if (path.includes(parent)) return path.indexOf(parent);
    path.push(parent);
  }
}

function failureOf(span: RedactedSpan): string | null {
  if (span.status.code !== 'error' && text(span, 'error.type') === null) return null;
  if (span.status.message !== null && span.status.message !== '') return span.status.message;
  const exception = span.events.find((event) => event.name === 'exception');
  return (exception?.attributes['exception.message'] as string | undefined) ?? null;
}

function text(span: RedactedSpan, key: string): string | null {
  const value = span.attributes[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
