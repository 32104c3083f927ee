import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTraceRequest, traceRequestPieces } from '../../src/otlp/decode-traces.ts';
import type { OtlpEncoding } from '../../src/otlp/decode-traces.ts';
import { encodeTraces } from '../../src/otlp/encode-traces.ts';
import type { Attributes } from '../../src/shared/domain/span.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { distinct, spanRecords } from './span-records.ts';
import { bodyOf, decoded, recordOf, requestOf, SPAN } from './request.ts';

const ENCODINGS = ['protobuf', 'json'] as const;

const TOO_MANY =
  'Of more than 10000 attributes, events, links or items of a list the rest was left out; spans count it as dropped.';

function attributesOf(values: Readonly<Record<string, unknown>>, encoding: OtlpEncoding): Attributes {
  const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
  return recordOf({ attributes }, encoding).attributes;
}

describe('what leaves as OTLP', () => {
  it.each([
    ['otlp-proto', 'protobuf'],
    ['otlp-json', 'json'],
  ] as const)('R96: comes back the same from %s, whatever a span holds', (format, encoding) => {
    fc.assert(
      fc.property(fc.array(spanRecords(), { maxLength: 12 }), (records) => {
        const spans = distinct(records).map((record) => ({ ...makeSpan(), ...record }));
        const read = decodeTraceRequest(encodeTraces(spans, [], { format, withPayloads: false }), encoding);
        expect(read).toMatchObject({ payloads: [], rejectedSpans: 0, problems: [] });
        const byId = new Map(read.spans.map(({ record }) => [record.traceId + record.spanId, record]));
        expect(distinct(records).map(({ traceId, spanId }) => byId.get(traceId + spanId))).toEqual(distinct(records));
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(ENCODINGS)('R96: a request in %s', (encoding) => {
  it('holds nothing when it is empty', () => {
    const nothing = { spans: [], payloads: [], rejectedSpans: 0, problems: [] };
    expect(decoded({ resourceSpans: [] }, encoding)).toEqual(nothing);
    expect(decoded({}, encoding)).toEqual(nothing);
    expect(decoded({ resourceSpans: [{ scopeSpans: [{ spans: [] }] }] }, encoding)).toEqual(nothing);
  });

  it('keeps plain values and lists of one type as they are', () => {
    const values = {
      text: { stringValue: 'é😀' },
      whole: { intValue: '-7' },
      real: { doubleValue: 0.5 },
      flag: { boolValue: true },
      texts: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: '' }] } },
      numbers: { arrayValue: { values: [{ intValue: '1' }, { doubleValue: 2.5 }] } },
      flags: { arrayValue: { values: [{ boolValue: false }] } },
      none: { arrayValue: { values: [] } },
      wholeReal: { doubleValue: 5 },
    };
    expect(attributesOf(values, encoding)).toEqual({
      text: 'é😀',
      whole: -7,
      real: 0.5,
      flag: true,
      texts: ['a', ''],
      numbers: [1, 2.5],
      flags: [false],
      none: [],
      wholeReal: 5,
    });
  });

  it('keeps what has no place in a span as text', () => {
    const values = {
      map: {
        kvlistValue: {
          values: [
            { key: 'n', value: { intValue: '9007199254740993' } },
            { key: 'deep', value: { arrayValue: { values: [{ boolValue: true }, {}] } } },
          ],
        },
      },
      mixed: { arrayValue: { values: [{ stringValue: '1' }, { intValue: '1' }] } },
      nested: { arrayValue: { values: [{ arrayValue: { values: [{ intValue: '1' }] } }] } },
      nothing: {},
      bytes: { bytesValue: encoding === 'json' ? 'AQL/' : Uint8Array.of(1, 2, 255) },
    };
    expect(attributesOf(values, encoding)).toEqual({
      map: '{"n":9007199254740993,"deep":[true,null]}',
      mixed: '["1",1]',
      nested: '[[1]]',
      nothing: '',
      bytes: 'AQL/',
    });
  });

  it('keeps every digit of an integer', () => {
    const ints = ['9007199254740991', '9007199254740992', '-9007199254740993', '9223372036854775807'];
    const list = [...ints, '-9223372036854775808'].map((intValue) => ({ intValue }));
    const values = Object.fromEntries(list.map((value) => [`n${value.intValue}`, value]));
    expect(attributesOf({ ...values, list: { arrayValue: { values: list.slice(0, 2) } } }, encoding)).toEqual({
      n9007199254740991: 9007199254740991,
      n9007199254740992: '9007199254740992',
      'n-9007199254740993': '-9007199254740993',
      n9223372036854775807: '9223372036854775807',
      'n-9223372036854775808': '-9223372036854775808',
      list: ['9007199254740991', '9007199254740992'],
    });
  });

  it('keeps numbers as text that no export could write', () => {
    const special = encoding === 'json' ? ['NaN', 'Infinity', '-Infinity'] : [Number.NaN, Infinity, -Infinity];
    const [nan, most, least] = special.map((doubleValue) => ({ doubleValue }));
    expect(
      attributesOf({ nan, most, least, huge: { doubleValue: 1e300 }, zero: { doubleValue: -0 } }, encoding),
    ).toEqual({ nan: 'NaN', most: 'Infinity', least: '-Infinity', huge: '1e+300', zero: 0 });
  });

  it('says where the parent is by the flags, else by the kind', () => {
    const remote = (fields: object) => recordOf({ parentSpanId: spanIdOf(9), ...fields }, encoding).parentIsRemote;
    expect([0x301, 0x101, 0x001].map((flags) => remote({ flags, kind: 2 }))).toEqual([true, false, true]);
    expect([0, 1, 2, 3, 4, 5].map((kind) => remote({ kind }))).toEqual([false, false, true, false, false, true]);
    expect(recordOf({ flags: 0x301, kind: 2 }, encoding)).toMatchObject({ parentSpanId: null, parentIsRemote: false });
  });

  it('takes unknown kinds and status codes as the plain ones', () => {
    expect(recordOf({ kind: 17, status: { code: 9, message: 'odd' } }, encoding)).toMatchObject({
      kind: 'internal',
      status: { code: 'unset', message: 'odd' },
    });
  });

  it('refuses spans without good ids and keeps the others', () => {
    const good = { ...SPAN, spanId: spanIdOf(5) };
    const zero = { ...SPAN, traceId: '0'.repeat(32) };
    const short = { ...SPAN, traceId: 'abcd' };
    const noSpanId = { ...SPAN, spanId: '' };
    const { spans, rejectedSpans, problems } = decoded(requestOf(zero, good, short, noSpanId), encoding);
    expect(spans.map(({ record }) => record.spanId)).toEqual([spanIdOf(5)]);
    expect(rejectedSpans).toBe(3);
    expect(problems).toEqual([
      'Spans without a trace id of 16 bytes were left out.',
      'Spans without a span id of 8 bytes were left out.',
    ]);
  });

  it('takes a span without an end as ended when it began, since nobody would ever end it', () => {
    const { spans, problems } = decoded(requestOf({ ...SPAN, endTimeUnixNano: '0' }), encoding);
    expect(spans[0]!.record.endTime).toBe(spans[0]!.record.startTime);
    expect(problems).toEqual(['Spans without an end are taken as ended when they began.']);
  });

  it('keeps names that mean something to JavaScript as plain names', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const values = Object.fromEntries(names.map((name) => [name, { stringValue: 'x' }]));
    const attributes = attributesOf({ ...values, list: { stringValue: 'y' } }, encoding);
    expect(Object.keys(attributes).sort()).toEqual([...names, 'list'].sort());
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('counts what is beyond 10,000 attributes, events or links of a span', () => {
    const attributes = Array.from({ length: 10_003 }, (_, n) => ({ key: `k${String(n)}`, value: { intValue: n } }));
    const events = Array.from({ length: 10_002 }, () => ({ name: 'e', timeUnixNano: '1764000000000000002' }));
    const links = Array.from({ length: 10_001 }, () => ({ traceId: traceIdOf(2), spanId: spanIdOf(2) }));
    const document = requestOf({ ...SPAN, attributes, events, links, droppedAttributesCount: 4 });
    const { spans, problems } = decoded(document, encoding);
    expect(spans[0]!.record.dropped).toEqual({ attributes: 7, events: 2, links: 1 });
    expect(Object.keys(spans[0]!.record.attributes)).toHaveLength(10_000);
    expect(problems).toEqual([TOO_MANY]);
  });

  it('cuts lists and maps at 10,000 items, however they are nested', () => {
    const inner = { arrayValue: { values: Array.from({ length: 3_000 }, () => ({})) } };
    const value = { arrayValue: { values: Array.from({ length: 5 }, () => inner) } };
    const { spans, problems } = decoded(requestOf({ ...SPAN, attributes: [{ key: 'many', value }] }), encoding);
    const kept = JSON.parse(String(spans[0]!.record.attributes['many'])) as unknown[];
    expect(kept.flat(1).length).toBeLessThanOrEqual(10_000);
    expect(problems).toEqual([TOO_MANY]);
  });

  it('cuts values that are nested too deep', () => {
    let value: object = { stringValue: 'bottom' };
    for (let depth = 0; depth < 40; depth += 1) value = { arrayValue: { values: [value] } };
    const { spans, problems } = decoded(requestOf({ ...SPAN, attributes: [{ key: 'deep', value }] }), encoding);
    expect(spans[0]!.record.attributes['deep']).toBe(`${'['.repeat(32)}null${']'.repeat(32)}`);
    expect(problems).toEqual(['Attribute values nested more than 32 deep were cut there.']);
  });

  it('comes in pieces that say the same', () => {
    const spans = Array.from({ length: 3_000 }, (_, n) => ({ ...SPAN, spanId: spanIdOf(n + 1) }));
    const body = bodyOf(requestOf(...spans), encoding);
    const pieces = [...traceRequestPieces(body, encoding)];
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.flatMap((piece) => piece.spans)).toEqual(decodeTraceRequest(body, encoding).spans);
    expect(pieces.flatMap((piece) => piece.spans)).toHaveLength(3_000);
  });
});
