import { UserError } from '../../shared/kernel/user-error.ts';
import type { TraceStatus } from '../../shared/domain/trace.ts';
import type { FacetKind } from '../summary/facets.ts';
import { BYTES_PER_UNIT, COUNT_UNIT, NANOS_PER_UNIT, parseComparison, parseQuantity } from './quantities.ts';
import type { Condition, CountedColumn, Having, Query, Test, TextMatch, Upkeep } from './query.ts';
import { tokenize, type Token } from './tokenize.ts';

/** More than anyone types; keeps the SQL within SQLite's limits. */
const MAX_WORDS = 64;
const MAX_LENGTH = 2_000;

/** What one value of a key means, or null when it is broken. */
interface Key {
  readonly parse: (value: string) => Test | null;
  /** Ends the sentence `"dur:x" cannot be understood: `. */
  readonly hint: string;
}

const STATUSES: readonly TraceStatus[] = ['ok', 'error', 'blocked', 'cancelled', 'pending'];
const UPKEEPS: readonly Upkeep[] = ['connect', 'refresh', 'restart', 'health', 'stream', 'news', 'none'];
/** A protocol version, or its year, or its year and month. */
const BEGUN_DATE = /^\d{4}(-\d\d){0,2}$/;
const HAVINGS: readonly Having[] = ['exception', 'payload', 'error'];

const KEYS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['bytes', countKey('payload_bytes', BYTES_PER_UNIT, 'write for example bytes:>100kb (units b, kb, mb, gb)')],
  ['client', facetKey('client')],
  [
    'dur',
    { parse: parseDuration, hint: 'write for example dur:>500ms (operators > >= < <= =, units us, ms, s, m, h)' },
  ],
  [
    'era',
    {
      parse: parseEra,
      hint: 'use modern, legacy or a protocol version such as 2025-06-18, with | between alternatives',
    },
  ],
  ['has', { parse: parseHas, hint: `use ${listed(HAVINGS)}` }],
  ['method', facetKey('method')],
  ['name', { parse: (value) => ({ kind: 'name', match: textMatch(value) }), hint: 'write a part of the name' }],
  ['redacted', countKey('redaction_count', COUNT_UNIT, 'write for example redacted:>0')],
  ['server', facetKey('server')],
  ['service', facetKey('service')],
  ['since', { parse: parseSince, hint: 'write for example since:10m (units us, ms, s, m, h, d)' }],
  ['span', facetKey('span')],
  ['status', { parse: parseStatus, hint: `use ${listed(STATUSES)}, with | between alternatives` }],
  ['stopped_by', facetKey('stopped_by')],
  ['tool', facetKey('tool')],
  ['trace', { parse: parseTrace, hint: 'write the first of its 32 hex digits' }],
  ['upkeep', { parse: parseUpkeep, hint: `use ${listed(UPKEEPS)}, with | between alternatives` }],
]);

/**
 * Reads a query of the trace list. Throws a UserError that names the word that cannot be understood and says what is
 * possible.
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_LENGTH) throw new UserError(`The filter is longer than ${MAX_LENGTH} characters: shorten it.`);
  const tokens = tokenize(text);
  if (tokens.length > MAX_WORDS) throw new UserError(`The filter has more than ${MAX_WORDS} words: leave some out.`);
  return tokens.map(conditionOf).filter((condition) => condition !== null);
}

function conditionOf(token: Token): Condition | null {
  const { isNegated, key, values, word } = token;
  if (key === null) {
    const text = values[0] ?? '';
    return text === '' ? null : { isNegated, anyOf: [{ kind: 'anywhere', text }] };
  }
  const known = KEYS.get(key);
  if (known === undefined) {
    throw new UserError(
      `"${word}" starts with an unknown key: use ${listed([...KEYS.keys()])}, or put it in quotes to look for the text.`,
    );
  }
  const anyOf = values.map((value) => {
    const test = isEmptyValue(value) ? null : known.parse(value);
    if (test === null) throw new UserError(`"${word}" cannot be understood: ${known.hint}.`);
    return test;
  });
  return { isNegated, anyOf };
}

function isEmptyValue(value: string): boolean {
  return value === '' || value === '=';
}

function facetKey(facet: FacetKind): Key {
  return {
    parse: (value) => ({ kind: 'facet', facet, match: textMatch(value) }),
    hint: `write a part of it, for example ${facet}:abc, or all of it with ${facet}:=abc`,
  };
}

function countKey(column: CountedColumn, units: Readonly<Record<string, number>>, hint: string): Key {
  return {
    parse: (value) => {
      const comparison = parseComparison(value, units);
      return comparison && { kind: 'count', column, ...comparison };
    },
    hint: `${hint}, with an operator > >= < <= =`,
  };
}

function textMatch(value: string): TextMatch {
  return value.startsWith('=') ? { how: 'equals', text: value.slice(1) } : { how: 'contains', text: value };
}

function parseDuration(value: string): Test | null {
  const comparison = parseComparison(value, NANOS_PER_UNIT);
  if (comparison === null) return null;
  return { kind: 'duration', comparator: comparison.comparator, nanos: BigInt(Math.round(comparison.value)) };
}

function parseSince(value: string): Test | null {
  const nanos = parseQuantity(value, NANOS_PER_UNIT);
  return nanos === null ? null : { kind: 'since', nanosAgo: BigInt(Math.round(nanos)) };
}

function parseStatus(value: string): Test | null {
  const status = STATUSES.find((known) => known === value.toLowerCase());
  return status === undefined ? null : { kind: 'status', status };
}

function parseEra(value: string): Test | null {
  const word = value.toLowerCase();
  if (word === 'modern' || word === 'legacy') return { kind: 'protocol', of: word };
  return BEGUN_DATE.test(word) ? { kind: 'protocol', of: { how: 'contains', text: word } } : null;
}

function parseUpkeep(value: string): Test | null {
  const upkeep = UPKEEPS.find((known) => known === value.toLowerCase());
  return upkeep === undefined ? null : { kind: 'upkeep', upkeep };
}

function parseHas(value: string): Test | null {
  const what = HAVINGS.find((known) => known === value.toLowerCase());
  return what === undefined ? null : { kind: 'has', what };
}

function parseTrace(value: string): Test | null {
  const idPrefix = value.toLowerCase();
  return /^[0-9a-f]{1,32}$/.test(idPrefix) ? { kind: 'trace', idPrefix } : null;
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
