import type { ServerId, SpanId } from '../../shared/domain/ids.ts';
import { unixNano } from '../../shared/domain/ids.ts';
import type { PayloadDirection } from '../../shared/domain/redacted.ts';
import type { TraceStatus, TraceSummary } from '../../shared/domain/trace.ts';
import { ERROR_TYPE_CANCELLED } from '../attribute-keys.ts';
import { BestSpan, ROLES, type PlacedSpan, type RootRank } from './best-span.ts';
import { FacetCounts, type Facet } from './facets.ts';
import { InputRounds } from './input-rounds.ts';
import type { SpanFacts } from './span-facts.ts';

const STREAM_UPKEEP = 'stream';

export interface PayloadFacts {
  readonly spanId: SpanId;
  readonly direction: PayloadDirection;
  /** The row that holds the payload. */
  readonly partNo: number;
  readonly originalBytes: number;
  readonly findingCount: number;
}

/** All that is known of a trace without its revision. */
export type SummaryFields = Omit<TraceSummary, 'traceId' | 'revision'>;

interface Counters {
  open: number;
  errors: number;
  exceptions: number;
  findings: number;
  payloadBytes: number;
  servedCalls: number;
}

/**
 * The summary of one trace, kept up to date span by span. Counting is done by subtracting the replaced record and adding
 * the new one. Only when a span's place in the tree changes (a parent arrives after its child, a start time moves) are
 * all spans looked at again, once per `summary()` at most.
 */
export class TraceAggregate {
  readonly #spans = new Map<SpanId, PlacedSpan>();
  readonly #payloads = new Map<string, PayloadFacts>();
  readonly #awaitedParents = new Set<SpanId>();
  readonly #facets = new FacetCounts();
  readonly #rounds = new InputRounds();
  readonly #roles = {
    root: new BestSpan(ROLES.root),
    operation: new BestSpan(ROLES.operation),
    failure: new BestSpan(ROLES.failure),
    blocker: new BestSpan(ROLES.blocker),
    caller: new BestSpan(ROLES.caller),
    speaker: new BestSpan(ROLES.speaker),
  };
  readonly #everyRole = Object.values(this.#roles);
  readonly #counters: Counters = { open: 0, errors: 0, exceptions: 0, findings: 0, payloadBytes: 0, servedCalls: 0 };
  #startTime: bigint | null = null;
  #lastEnd: bigint | null = null;
  #isStale = false;

  get spanCount(): number {
    return this.#spans.size;
  }

  get payloadCount(): number {
    return this.#payloads.size;
  }

  get exceptionCount(): number {
    return this.#counters.exceptions;
  }

  get openSpanCount(): number {
    return this.#counters.open;
  }

  /** The row in which the valid record of a span lies. */
  partOfSpan(spanId: SpanId): number | undefined {
    return this.#spans.get(spanId)?.facts.partNo;
  }

  /** The same for a payload. */
  partOfPayload(spanId: SpanId, direction: PayloadDirection): number | undefined {
    return this.#payloads.get(`${spanId} ${direction}`)?.partNo;
  }

  /** Answers with the row whose record of this span is no longer valid, if there is one. */
  upsertSpan(facts: SpanFacts): number | undefined {
    const before = this.#spans.get(facts.spanId);
    if (before !== undefined) this.#subtract(before.facts);
    this.#add(facts);
    if (before === undefined) this.#insert(facts);
    else this.#replace(before, facts);
    return before?.facts.partNo;
  }

  /** Answers as upsertSpan. */
  upsertPayload(payload: PayloadFacts): number | undefined {
    const key = `${payload.spanId} ${payload.direction}`;
    const before = this.#payloads.get(key);
    const counters = this.#counters;
    counters.findings += payload.findingCount - (before?.findingCount ?? 0);
    counters.payloadBytes += payload.originalBytes - (before?.originalBytes ?? 0);
    this.#payloads.set(key, payload);
    return before?.partNo;
  }

  /** Null while they are as when this was last asked. */
  takeChangedFacets(): readonly Facet[] | null {
    return this.#facets.takeHasChanged() ? this.#facets.all() : null;
  }

  /** Null while there is no span: payloads alone are not a trace. */
  summary(): SummaryFields | null {
    if (this.#isStale) this.#recompute();
    const root = this.#roles.root.best;
    if (root === null || this.#startTime === null) return null;
    const operation = this.#roles.operation.best?.facts ?? null;
    const { open, errors, findings, payloadBytes } = this.#counters;
    return {
      name: root.facts.name,
      method: operation?.method ?? null,
      target: operation === null ? null : (operation.tool ?? operation.prompt ?? operation.resource),
      serverIds: this.#facets.values('server') as ServerId[],
      client: this.#roles.caller.best?.facts.client ?? null,
      clientProtocol: this.#roles.speaker.best?.facts.clientProtocol ?? null,
      serverProtocols: this.#facets.values('server_protocol'),
      services: this.#facets.values('service'),
      startTime: unixNano(this.#startTime),
      endTime: open > 0 || this.#lastEnd === null ? null : unixNano(this.#lastEnd),
      status: this.#status(root.facts, operation),
      waitsFor: this.#rounds.waitsFor(),
      waitedMs: this.#rounds.waitedMs(),
      blockedBy: this.#roles.blocker.best?.facts.stoppedBy ?? null,
      errorMessage: this.#roles.failure.best?.facts.errorMessage ?? null,
      spanCount: this.#spans.size,
      openSpanCount: open,
      errorCount: errors,
      redactionCount: findings,
      payloadBytes,
      remoteParentMissing: root.rootRank === 1,
      upkeep: this.#upkeep(root.facts),
    };
  }

  /**
   * Only a stream may be opened in a trace in which its client calls something. A server's own spans may stand below any
   * other upkeep and make no call of it.
   */
  #upkeep({ upkeep }: SpanFacts): string | null {
    return upkeep === STREAM_UPKEEP && this.#counters.servedCalls > 0 ? null : upkeep;
  }

  #status(root: SpanFacts, operation: SpanFacts | null): TraceStatus {
    if (this.#counters.open > 0) return 'pending';
    if (this.#roles.blocker.best !== null) return 'blocked';
    const errorTypes = this.#errorTypes(root, operation);
    if (errorTypes.includes(ERROR_TYPE_CANCELLED)) return 'cancelled';
    return this.#counters.errors > 0 || errorTypes.some((type) => type !== null) ? 'error' : 'ok';
  }

  /** Where a client was asked something and came again, its last attempt tells how the operation ended. */
  #errorTypes(root: SpanFacts, operation: SpanFacts | null): readonly (string | null)[] {
    const first = [root.errorType, operation?.errorType ?? null];
    const last = operation === null ? null : this.#rounds.lastOf(operation.spanId);
    if (last === null || operation === null) return first;
    if (last.inputMethods === null) return [last.errorType];
    return outlives(last, operation) ? [last.errorType] : first;
  }

  #insert(facts: SpanFacts): void {
    if (this.#awaitedParents.size > 0 && this.#awaitedParents.delete(facts.spanId)) this.#isStale = true;
    this.#place(facts, this.#depthBelow(facts));
  }

  #replace(before: PlacedSpan, facts: SpanFacts): void {
    const placed = { ...before, facts };
    this.#spans.set(facts.spanId, placed);
    const old = before.facts;
    const hasMoved =
      old.parentSpanId !== facts.parentSpanId ||
      old.parentIsRemote !== facts.parentIsRemote ||
      old.startTime !== facts.startTime;
    const endedLast = old.endTime !== null && old.endTime === this.#lastEnd && old.endTime !== facts.endTime;
    if (hasMoved || endedLast) this.#isStale = true;
    this.#consider(placed);
  }

  #consider(span: PlacedSpan): void {
    if (this.#isStale) return;
    const { startTime, endTime } = span.facts;
    if (this.#startTime === null || startTime < this.#startTime) this.#startTime = startTime;
    if (endTime !== null && (this.#lastEnd === null || endTime > this.#lastEnd)) this.#lastEnd = endTime;
    for (const role of this.#everyRole) if (!role.consider(span)) this.#isStale = true;
  }

  #recompute(): void {
    this.#isStale = false;
    this.#startTime = null;
    this.#lastEnd = null;
    this.#awaitedParents.clear();
    for (const role of this.#everyRole) role.forget();
    const depths = depthsOf(this.#spans);
    for (const [spanId, { facts }] of this.#spans) this.#place(facts, depths.get(spanId) ?? 0);
  }

  #place(facts: SpanFacts, depth: number): void {
    const parent = facts.parentSpanId;
    if (parent !== null && !this.#isHere(parent, facts)) this.#awaitedParents.add(parent);
    const placed = { facts, depth, rootRank: this.#rootRankOf(facts) };
    this.#spans.set(facts.spanId, placed);
    this.#consider(placed);
  }

  #depthBelow(facts: SpanFacts): number {
    const parent = facts.parentSpanId === null ? undefined : this.#spans.get(facts.parentSpanId);
    return parent === undefined || parent.facts.spanId === facts.spanId ? 0 : parent.depth + 1;
  }

  #rootRankOf(facts: SpanFacts): RootRank {
    if (facts.parentSpanId === null) return 0;
    return facts.parentIsRemote && !this.#isHere(facts.parentSpanId, facts) ? 1 : 2;
  }

  /** A span may name itself as its parent. */
  #isHere(parent: SpanId, facts: SpanFacts): boolean {
    return parent === facts.spanId || this.#spans.has(parent);
  }

  #add(facts: SpanFacts): void {
    this.#count(facts, 1);
    this.#facets.add(facts);
    this.#rounds.add(facts);
  }

  #subtract(facts: SpanFacts): void {
    this.#count(facts, -1);
    this.#facets.subtract(facts);
    this.#rounds.subtract(facts);
  }

  #count(facts: SpanFacts, sign: 1 | -1): void {
    const counters = this.#counters;
    if (facts.endTime === null) counters.open += sign;
    if (facts.hasErrorStatus) counters.errors += sign;
    counters.exceptions += sign * facts.exceptionCount;
    counters.findings += sign * facts.findingCount;
    if (facts.isServedCall) counters.servedCalls += sign;
  }
}

/** A client that is asked by the answer to its request is waited for when the operation has ended. */
function outlives(wait: SpanFacts, operation: SpanFacts): boolean {
  return wait.endTime !== null && operation.endTime !== null && wait.endTime > operation.endTime;
}

/** Depth of every span below its topmost received ancestor. Spans whose parents form a ring all have depth 0. */
function depthsOf(spans: ReadonlyMap<SpanId, { readonly facts: SpanFacts }>): Map<SpanId, number> {
  const depths = new Map<SpanId, number>();
  for (const spanId of spans.keys()) {
    const path: SpanId[] = [];
    const onPath = new Set<SpanId>();
    let current: SpanId | null = spanId;
    while (current !== null && spans.has(current) && !depths.has(current) && !onPath.has(current)) {
      path.push(current);
      onPath.add(current);
      current = spans.get(current)?.facts.parentSpanId ?? null;
    }
    if (current !== null && onPath.has(current)) {
      for (const member of path.splice(path.indexOf(current))) depths.set(member, 0);
    }
    let depth = (current === null ? undefined : depths.get(current)) ?? -1;
    for (const member of path.reverse()) depths.set(member, (depth += 1));
  }
  return depths;
}
