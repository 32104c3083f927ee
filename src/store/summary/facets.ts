import type { SpanFacts } from './span-facts.ts';

/** What a query's key can look for on any span of a trace. */
export type FacetKind =
  | 'tool'
  | 'prompt'
  | 'resource'
  | 'server'
  | 'client'
  | 'client_protocol'
  | 'server_protocol'
  | 'method'
  | 'service'
  | 'stopped_by'
  | 'span';

export interface Facet {
  readonly kind: FacetKind;
  readonly value: string;
}

/** Longer values are cut: they are looked for by substring and would otherwise fill the index. */
const MAX_FACET_LENGTH = 512;

/** Calls `visit` for each facet of a span, in a fixed order. */
function eachFacet(facts: SpanFacts, visit: (kind: FacetKind, value: string) => void): void {
  visit('span', cut(facts.name));
  if (facts.tool !== null) visit('tool', cut(facts.tool));
  if (facts.prompt !== null) visit('prompt', cut(facts.prompt));
  if (facts.resource !== null) visit('resource', cut(facts.resource));
  if (facts.serverId !== null) visit('server', cut(facts.serverId));
  if (facts.client !== null) visit('client', cut(facts.client));
  if (facts.clientProtocol !== null) visit('client_protocol', cut(facts.clientProtocol));
  if (facts.serverProtocol !== null) visit('server_protocol', cut(facts.serverProtocol));
  if (facts.method !== null) visit('method', cut(facts.method));
  if (facts.service !== null) visit('service', cut(facts.service));
  if (facts.stoppedBy !== null) visit('stopped_by', cut(facts.stoppedBy));
}

function cut(value: string): string {
  return value.length > MAX_FACET_LENGTH ? value.slice(0, MAX_FACET_LENGTH) : value;
}

/** Counts on how many spans each facet occurs, and remembers whether one came or went since it was last asked. */
export class FacetCounts {
  readonly #counts = new Map<FacetKind, Map<string, number>>();
  #hasChanged = false;

  add(facts: SpanFacts): void {
    eachFacet(facts, this.#increase);
  }

  subtract(facts: SpanFacts): void {
    eachFacet(facts, this.#decrease);
  }

  readonly #increase = (kind: FacetKind, value: string): void => {
    let values = this.#counts.get(kind);
    if (values === undefined) this.#counts.set(kind, (values = new Map<string, number>()));
    const count = values.get(value) ?? 0;
    values.set(value, count + 1);
    if (count === 0) this.#hasChanged = true;
  };

  readonly #decrease = (kind: FacetKind, value: string): void => {
    const values = this.#counts.get(kind);
    const count = values?.get(value);
    if (values === undefined || count === undefined) throw new Error(`Facet ${kind} was never counted`);
    if (count > 1) {
      values.set(value, count - 1);
      return;
    }
    values.delete(value);
    this.#hasChanged = true;
  };

  /** In the order of their text. */
  values(kind: FacetKind): string[] {
    const values = this.#counts.get(kind);
    if (values === undefined) return [];
    return values.size < 2 ? [...values.keys()] : [...values.keys()].sort();
  }

  all(): Facet[] {
    const facets: Facet[] = [];
    for (const [kind, values] of this.#counts) for (const value of values.keys()) facets.push({ kind, value });
    return facets;
  }

  /** Whether the facets are others than when this was last asked. */
  takeHasChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }
}
