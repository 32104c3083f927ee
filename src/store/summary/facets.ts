import type { SpanFacts } from './span-facts.ts';

/** What a query's key can look for on any span of a trace. */
export type FacetKind =
  'tool' | 'prompt' | 'resource' | 'server' | 'client' | 'method' | 'service' | 'stopped_by' | 'span';

export interface Facet {
  readonly kind: FacetKind;
  readonly value: string;
}

/** Longer values are cut: they are looked for by substring and would otherwise fill the index. */
const MAX_FACET_LENGTH = 512;

export function facetsOf(facts: SpanFacts): Facet[] {
  const facets: Facet[] = [];
  const add = (kind: FacetKind, value: string | null): void => {
    if (value !== null) facets.push({ kind, value: value.slice(0, MAX_FACET_LENGTH) });
  };
  add('span', facts.name);
  add('tool', facts.tool);
  add('prompt', facts.prompt);
  add('resource', facts.resource);
  add('server', facts.serverId);
  add('client', facts.client);
  add('method', facts.method);
  add('service', facts.service);
  add('stopped_by', facts.stoppedBy);
  return facets;
}

export interface FacetChanges {
  readonly added: readonly Facet[];
  readonly removed: readonly Facet[];
}

/** Counts on how many spans each facet occurs and remembers which came and went since it was last asked. */
export class FacetCounts {
  readonly #counts = new Map<string, { readonly facet: Facet; count: number }>();
  readonly #added = new Map<string, Facet>();
  readonly #removed = new Map<string, Facet>();

  add(facts: SpanFacts): void {
    for (const facet of facetsOf(facts)) {
      const key = keyOf(facet);
      const entry = this.#counts.get(key);
      if (entry !== undefined) {
        entry.count += 1;
        continue;
      }
      this.#counts.set(key, { facet, count: 1 });
      if (!this.#removed.delete(key)) this.#added.set(key, facet);
    }
  }

  subtract(facts: SpanFacts): void {
    for (const facet of facetsOf(facts)) {
      const key = keyOf(facet);
      const entry = this.#counts.get(key);
      if (entry === undefined) throw new Error(`Facet ${facet.kind} was never counted`);
      entry.count -= 1;
      if (entry.count > 0) continue;
      this.#counts.delete(key);
      if (!this.#added.delete(key)) this.#removed.set(key, facet);
    }
  }

  values(kind: FacetKind): string[] {
    const values: string[] = [];
    for (const { facet } of this.#counts.values()) if (facet.kind === kind) values.push(facet.value);
    return values.sort();
  }

  takeChanges(): FacetChanges {
    const changes = { added: [...this.#added.values()], removed: [...this.#removed.values()] };
    this.#added.clear();
    this.#removed.clear();
    return changes;
  }
}

/** Kinds hold no space, so no two facets share a key. */
export function keyOf(facet: Facet): string {
  return `${facet.kind} ${facet.value}`;
}
