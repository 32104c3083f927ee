import type { Era } from '../../shared/domain/era.ts';
import type { TraceStatus } from '../../shared/domain/trace.ts';
import type { FacetKind } from '../summary/facets.ts';

/** A filter of the trace list: every condition must hold. */
export type Query = readonly Condition[];

export interface Condition {
  readonly isNegated: boolean;
  /** At least one; any of them will do. */
  readonly anyOf: readonly Test[];
}

export interface TextMatch {
  readonly how: 'contains' | 'equals';
  readonly text: string;
}

export type Comparator = '>' | '>=' | '<' | '<=' | '=';

export type CountedColumn = 'redaction_count' | 'payload_bytes';

export type Having = 'exception' | 'payload' | 'error';

/** `none`: a trace that is no upkeep. */
export type Upkeep = 'connect' | 'refresh' | 'restart' | 'health' | 'stream' | 'news' | 'none';

export type Test =
  | { readonly kind: 'anywhere'; readonly text: string }
  | { readonly kind: 'facet'; readonly facet: FacetKind; readonly match: TextMatch }
  /** The revision spoken with the client or with a server. */
  | { readonly kind: 'protocol'; readonly of: Era | TextMatch }
  | { readonly kind: 'name'; readonly match: TextMatch }
  | { readonly kind: 'upkeep'; readonly upkeep: Upkeep }
  | { readonly kind: 'status'; readonly status: TraceStatus }
  | { readonly kind: 'trace'; readonly idPrefix: string }
  | { readonly kind: 'duration'; readonly comparator: Comparator; readonly nanos: bigint }
  | { readonly kind: 'count'; readonly column: CountedColumn; readonly comparator: Comparator; readonly value: number }
  | { readonly kind: 'has'; readonly what: Having }
  | { readonly kind: 'since'; readonly nanosAgo: bigint };
