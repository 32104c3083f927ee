import type { SQLInputValue } from 'node:sqlite';
import { LAST_LEGACY_VERSION, type Era } from '../../shared/domain/era.ts';
import { assertNever } from '../../shared/kernel/assert-never.ts';
import type { FacetKind } from '../summary/facets.ts';
import type { Condition, Having, Query, Test, TextMatch } from './query.ts';

/** An SQL expression over the row `t` of `traces`, and the values for its placeholders. Never null when evaluated. */
export interface SqlExpression {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** `now` in nanoseconds since 1970, for durations of running traces and for `since`. */
export function compileQuery(query: Query, now: bigint): SqlExpression {
  if (query.length === 0) return { sql: 'TRUE', values: [] };
  return joined(
    query.map((condition) => compileCondition(condition, now)),
    'AND',
  );
}

function compileCondition(condition: Condition, now: bigint): SqlExpression {
  const any = joined(
    condition.anyOf.map((test) => compileTest(test, now)),
    'OR',
  );
  return condition.isNegated ? { sql: `NOT ${any.sql}`, values: any.values } : any;
}

function compileTest(test: Test, now: bigint): SqlExpression {
  switch (test.kind) {
    case 'anywhere':
      return compileAnywhere(test.text);
    case 'facet':
      return compileFacet([test.facet], compileMatch('v.value', test.match));
    case 'protocol':
      return compileFacet(PROTOCOLS, compileProtocol(test.of));
    case 'name':
      return compileMatch('t.name', test.match);
    case 'upkeep':
      return { sql: "coalesce(t.upkeep, 'none') = ?", values: [test.upkeep] };
    case 'status':
      return { sql: 't.status = ?', values: [test.status] };
    case 'trace':
      // 'g' sorts behind every hex digit, so that the index on trace_id serves.
      return { sql: '(t.trace_id >= ? AND t.trace_id < ?)', values: [test.idPrefix, `${test.idPrefix}g`] };
    case 'duration':
      return { sql: `coalesce(t.end_time, ?) - t.start_time ${test.comparator} ?`, values: [now, test.nanos] };
    case 'count':
      return { sql: `t.${test.column} ${test.comparator} ?`, values: [test.value] };
    case 'has':
      return { sql: `t.${HAVING_COLUMN[test.what]} > 0`, values: [] };
    case 'since':
      return { sql: 't.start_time >= ?', values: [now - test.nanosAgo] };
    default:
      return assertNever(test);
  }
}

const HAVING_COLUMN: Readonly<Record<Having, string>> = {
  exception: 'exception_count',
  payload: 'payload_count',
  error: 'error_count',
};

const ANYWHERE_FACETS: readonly FacetKind[] = ['tool', 'prompt', 'resource', 'server', 'client', 'method'];

function compileAnywhere(text: string): SqlExpression {
  const match: TextMatch = { how: 'contains', text };
  return joined(
    [
      compileMatch('t.name', match),
      compileMatch("coalesce(t.error_message, '')", match),
      compileFacet(ANYWHERE_FACETS, compileMatch('v.value', match)),
      compilePayload(match),
    ],
    'OR',
  );
}

const PROTOCOLS: readonly FacetKind[] = ['client_protocol', 'server_protocol'];

/** Versions are dates, which compare as text; what is none is of no era. */
function compileProtocol(of: Era | TextMatch): SqlExpression {
  if (typeof of === 'object') return compileMatch('v.value', of);
  const comparator = of === 'modern' ? '>' : '<=';
  return { sql: `(v.value GLOB '${DATE}' AND v.value ${comparator} ?)`, values: [LAST_LEGACY_VERSION] };
}

const DATE = '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]';

function compileFacet(kinds: readonly FacetKind[], matched: SqlExpression): SqlExpression {
  // The sets with a value found are looked up once, and each trace has one set. Neither a value that every trace has nor
  // one that none has costs more than a short look at each trace.
  const sql = `t.facet_set IN (SELECT s.set_no FROM facet_sets s WHERE s.value_no IN (
    SELECT v.value_no FROM facet_values v WHERE v.kind IN (${kinds.map(() => '?').join(', ')}) AND ${matched.sql}))`;
  const values = [...kinds, ...matched.values];
  return { sql, values };
}

function compilePayload(match: TextMatch): SqlExpression {
  const { sql, values } = compileMatch('p.texts', match);
  return {
    sql: `t.payload_count > 0 AND EXISTS (SELECT 1 FROM parts p WHERE p.trace_no = t.trace_no AND ${sql})`,
    values,
  };
}

/** LIKE ignores the case of ASCII letters. */
function compileMatch(column: string, match: TextMatch): SqlExpression {
  const escaped = match.text.replace(/[\\%_]/g, '\\$&');
  return { sql: `${column} LIKE ? ESCAPE '\\'`, values: [match.how === 'equals' ? escaped : `%${escaped}%`] };
}

function joined(expressions: readonly SqlExpression[], operator: 'AND' | 'OR'): SqlExpression {
  return {
    sql: `(${expressions.map((expression) => expression.sql).join(` ${operator} `)})`,
    values: expressions.flatMap((expression) => expression.values),
  };
}
