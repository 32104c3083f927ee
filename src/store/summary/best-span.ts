import type { SpanFacts } from './span-facts.ts';

/** A span and its place in the tree as far as it is known. */
export interface PlacedSpan {
  readonly facts: SpanFacts;
  /** Ancestors that have been received; 0 when the parent has not been. */
  readonly depth: number;
  readonly rootRank: RootRank;
}

/** How well a span serves as the trace's root: 0 has no parent, 1 its remote parent is absent, 2 neither. */
export type RootRank = 0 | 1 | 2;

/** Which span of a trace plays a part, and which of two plays it better. */
export interface Role {
  readonly accepts: (facts: SpanFacts) => boolean;
  /** Negative when `a` is better. Never 0 for two different spans, so that the answer does not depend on arrival order. */
  readonly compare: (a: PlacedSpan, b: PlacedSpan) => number;
}

function byStart(a: PlacedSpan, b: PlacedSpan): number {
  if (a.facts.startTime !== b.facts.startTime) return a.facts.startTime < b.facts.startTime ? -1 : 1;
  return a.facts.spanId < b.facts.spanId ? -1 : a.facts.spanId > b.facts.spanId ? 1 : 0;
}

export const ROLES = {
  root: { accepts: () => true, compare: (a, b) => a.rootRank - b.rootRank || byStart(a, b) },
  /** The shallowest span that names an MCP method. */
  operation: { accepts: (facts) => facts.method !== null, compare: (a, b) => a.depth - b.depth || byStart(a, b) },
  /** The deepest failure says most about the cause. */
  failure: { accepts: (facts) => facts.errorMessage !== null, compare: (a, b) => b.depth - a.depth || byStart(a, b) },
  blocker: { accepts: (facts) => facts.stoppedBy !== null, compare: byStart },
  caller: { accepts: (facts) => facts.client !== null, compare: byStart },
  speaker: { accepts: (facts) => facts.clientProtocol !== null, compare: byStart },
} satisfies Record<string, Role>;

/** The span that plays a role best, kept up to date one span at a time. */
export class BestSpan {
  readonly #role: Role;
  #best: PlacedSpan | null = null;

  constructor(role: Role) {
    this.#role = role;
  }

  get best(): PlacedSpan | null {
    return this.#best;
  }

  /**
   * Takes in a new or replaced span whose place has not changed. False when only looking at all spans again can tell
   * who is best now.
   */
  consider(span: PlacedSpan): boolean {
    const accepted = this.#role.accepts(span.facts);
    if (this.#best?.facts.spanId === span.facts.spanId) {
      if (!accepted) return false;
      this.#best = span;
      return true;
    }
    if (accepted && (this.#best === null || this.#role.compare(span, this.#best) < 0)) this.#best = span;
    return true;
  }

  forget(): void {
    this.#best = null;
  }
}
