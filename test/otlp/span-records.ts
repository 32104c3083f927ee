import fc from 'fast-check';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { SpanId, TraceId } from '../../src/shared/domain/ids.ts';
import type { Attributes, AttributeValue, SpanRecord } from '../../src/shared/domain/span.ts';

const HEX = '0123456789abcdef'.split('');

function hex(length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...HEX), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((id) => !/^0+$/.test(id));
}

const traceIds = hex(32).map((id) => id as TraceId);
const spanIds = hex(16).map((id) => id as SpanId);

/** Whole characters: half a surrogate pair has no place in UTF-8. */
const text = fc.string({ unit: 'grapheme', maxLength: 24 });

/** Whole numbers beyond 2^53 travel as text, and -0 as 0: both are decided elsewhere. */
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
);

const values: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  numbers,
  fc.boolean(),
  fc.array(text, { maxLength: 5 }),
  fc.array(numbers, { maxLength: 5 }),
  fc.array(fc.boolean(), { maxLength: 5 }),
);

const keys = fc.oneof(
  fc.constantFrom('http.route', 'mcp.method.name', 'intValue', '__proto__', 'constructor', ''),
  text,
);

const attributes: fc.Arbitrary<Attributes> = fc
  .array(fc.tuple(keys, values), { maxLength: 8 })
  .map((entries) => Object.fromEntries(entries));

/** Up to the year 2262, as a store keeps them; 0 is how OTLP says that there is no time. */
const times = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(unixNano);

const counts = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Any finished span that can be exported and comes back the same. */
export function spanRecords(): fc.Arbitrary<SpanRecord> {
  return fc
    .record({
      traceId: traceIds,
      spanId: spanIds,
      parentSpanId: fc.option(spanIds),
      parentIsRemote: fc.boolean(),
      traceState: fc.option(fc.stringMatching(/^[a-z]{1,4}=[a-z0-9]{1,8}(,[a-z]{5}=[0-9])?$/)),
      name: text,
      kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
      times: fc.tuple(times, times),
      status: fc.record({
        code: fc.constantFrom('unset', 'ok', 'error'),
        message: fc.option(text.filter((message) => message !== '')),
      }),
      attributes,
      events: fc.array(fc.record({ name: text, time: times, attributes }), { maxLength: 3 }),
      links: fc.array(fc.record({ traceId: traceIds, spanId: spanIds, attributes }), { maxLength: 3 }),
      origin: fc.record({
        resource: attributes,
        scopeName: text.map((name) => name.replaceAll('@', '')),
        scopeVersion: fc.option(fc.stringMatching(/^[0-9]\.[0-9]$/)),
      }),
      dropped: fc.record({ attributes: counts, events: counts, links: counts }),
    })
    .map(({ times: [one, other], ...span }) => ({
      ...span,
      parentIsRemote: span.parentSpanId !== null && span.parentIsRemote,
      startTime: one < other ? one : other,
      endTime: one < other ? other : one,
    }));
}

/** Without those that have the ids of an earlier one. */
export function distinct(records: readonly SpanRecord[]): readonly SpanRecord[] {
  return [...new Map(records.map((record) => [record.traceId + record.spanId, record])).values()];
}
