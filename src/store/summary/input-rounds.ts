import type { SpanId } from '../../shared/domain/ids.ts';
import type { SpanFacts } from './span-facts.ts';

const NANOS_PER_MILLI = 1e6;

/**
 * How operations went on after their client was asked something: for what it was waited, and the requests by which it
 * came again. Both are spans below the operation.
 */
export class InputRounds {
  readonly #waits = new Map<SpanId, SpanFacts>();
  readonly #byOperation = new Map<SpanId, Map<SpanId, SpanFacts>>();

  add(facts: SpanFacts): void {
    if (facts.inputMethods !== null) this.#waits.set(facts.spanId, facts);
    const { parentSpanId } = facts;
    if (!isRound(facts) || parentSpanId === null) return;
    let rounds = this.#byOperation.get(parentSpanId);
    if (rounds === undefined) this.#byOperation.set(parentSpanId, (rounds = new Map<SpanId, SpanFacts>()));
    rounds.set(facts.spanId, facts);
  }

  subtract(facts: SpanFacts): void {
    this.#waits.delete(facts.spanId);
    if (facts.parentSpanId !== null) this.#byOperation.get(facts.parentSpanId)?.delete(facts.spanId);
  }

  /** What has been asked for and not been answered, each method once, in the order of their text. */
  waitsFor(): string[] {
    if (this.#waits.size === 0) return [];
    const open = [...this.#waits.values()].filter(({ endTime }) => endTime === null);
    return [...new Set(open.flatMap(({ inputMethods }) => inputMethods ?? []))].sort();
  }

  /** Milliseconds of all waits that are over; those at the same time count once. */
  waitedMs(): number {
    if (this.#waits.size === 0) return 0;
    let nanos = 0n;
    let until = 0n;
    for (const { startTime, endTime } of [...this.#waits.values()].sort(byStart)) {
      if (endTime === null || endTime <= until) continue;
      nanos += endTime - (startTime > until ? startTime : until);
      until = endTime;
    }
    return Number(nanos) / NANOS_PER_MILLI;
  }

  /** The wait or request that began last below an operation; null when its client was asked nothing. */
  lastOf(operation: SpanId): SpanFacts | null {
    const rounds = [...(this.#byOperation.get(operation)?.values() ?? [])];
    return rounds.sort(byStart).at(-1) ?? null;
  }
}

function isRound({ inputMethods, isServedCall }: SpanFacts): boolean {
  return inputMethods !== null || isServedCall;
}

function byStart(a: SpanFacts, b: SpanFacts): number {
  if (a.startTime !== b.startTime) return a.startTime < b.startTime ? -1 : 1;
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
}
