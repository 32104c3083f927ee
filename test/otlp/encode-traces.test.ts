import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeTraces } from '../../src/otlp/encode-traces.ts';
import type { EncodeOptions } from '../../src/otlp/encode-traces.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { expectJsonAsProtobuf, expectLinesAsProtobuf, expectSameByBothDecoders } from '../support/otlp-decoders.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { distinct, spanRecords } from './span-records.ts';
import { firstSpans, parseTraces } from './otlp-json.ts';
import type { JsonTraces } from './otlp-json.ts';

const redactor = createRedactor({ hashKey: new Uint8Array(32) });

function spanOf(fields: Partial<SpanRecord> = {}): RedactedSpan {
  return redactor.span(makeSpan(fields));
}

function encode(
  spans: readonly RedactedSpan[],
  options: Partial<EncodeOptions> = {},
  payloads: readonly RedactedPayload[] = [],
): Uint8Array {
  return encodeTraces(spans, payloads, { format: 'otlp-json', withPayloads: false, ...options });
}

const RICH = spanOf({
  traceId: traceIdOf(0xabcdef),
  spanId: spanIdOf(0xfe),
  parentSpanId: spanIdOf(0xfd),
  parentIsRemote: true,
  traceState: 'vendor=1,other=2',
  name: 'tool.invoke é😀',
  kind: 'client',
  startTime: unixNano(1_764_000_000_123_456_789n),
  endTime: unixNano(1_764_000_001_999_999_999n),
  status: { code: 'error', message: 'It failed.' },
  attributes: {
    s: 'text',
    i: -5,
    big: Number.MAX_SAFE_INTEGER,
    f: 1.5,
    b: false,
    strings: ['a', ''],
    ints: [1, 2],
    floats: [0.5],
    flags: [true, false],
    none: [],
  },
  events: [{ name: 'exception', time: unixNano(1_764_000_000_500_000_001n), attributes: { 'exception.type': 'E' } }],
  links: [{ traceId: traceIdOf(0x77), spanId: spanIdOf(0x78), attributes: { why: 'header' } }],
  origin: { resource: { 'service.name': 'throughline', n: 1 }, scopeName: 'throughline', scopeVersion: '0.1.0' },
  dropped: { attributes: 1, events: 2, links: 3 },
});

describe('OTLP/JSON', () => {
  it('has the names, ids, numbers and times of the specification', () => {
    const resourceSpans = parseTraces(encode([RICH])).resourceSpans[0]!;
    const scopeSpans = resourceSpans.scopeSpans[0]!;
    expect(resourceSpans.resource.attributes).toEqual([
      { key: 'service.name', value: { stringValue: 'throughline' } },
      { key: 'n', value: { intValue: 1 } },
    ]);
    expect(scopeSpans.scope).toEqual({ name: 'throughline', version: '0.1.0' });
    expect(scopeSpans.spans).toEqual([
      {
        traceId: '00000000000000000000000000abcdef',
        spanId: '00000000000000fe',
        parentSpanId: '00000000000000fd',
        traceState: 'vendor=1,other=2',
        name: 'tool.invoke é😀',
        kind: 3,
        startTimeUnixNano: '1764000000123456789',
        endTimeUnixNano: '1764000001999999999',
        attributes: [
          { key: 's', value: { stringValue: 'text' } },
          { key: 'i', value: { intValue: -5 } },
          { key: 'big', value: { intValue: Number.MAX_SAFE_INTEGER } },
          { key: 'f', value: { doubleValue: 1.5 } },
          { key: 'b', value: { boolValue: false } },
          { key: 'strings', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: '' }] } } },
          { key: 'ints', value: { arrayValue: { values: [{ intValue: 1 }, { intValue: 2 }] } } },
          { key: 'floats', value: { arrayValue: { values: [{ doubleValue: 0.5 }] } } },
          { key: 'flags', value: { arrayValue: { values: [{ boolValue: true }, { boolValue: false }] } } },
          { key: 'none', value: { arrayValue: { values: [] } } },
        ],
        droppedAttributesCount: 1,
        events: [
          {
            name: 'exception',
            timeUnixNano: '1764000000500000001',
            attributes: [{ key: 'exception.type', value: { stringValue: 'E' } }],
            droppedAttributesCount: 0,
          },
        ],
        droppedEventsCount: 2,
        links: [
          {
            traceId: '00000000000000000000000000000077',
            spanId: '0000000000000078',
            attributes: [{ key: 'why', value: { stringValue: 'header' } }],
            droppedAttributesCount: 0,
            flags: 0x101,
          },
        ],
        droppedLinksCount: 3,
        status: { code: 2, message: 'It failed.' },
        // Sampled; whether the parent is remote is known; it is.
        flags: 0x301,
      },
    ]);
  });

  it.each([
    ['internal', 1],
    ['server', 2],
    ['client', 3],
    ['producer', 4],
    ['consumer', 5],
  ] as const)('writes the kind %s as %i', (kind, number) => {
    expect(firstSpans(parseTraces(encode([spanOf({ kind })])))[0]!.kind).toBe(number);
  });

  it('says of a root that it has no parent', () => {
    const [span] = firstSpans(parseTraces(encode([spanOf()])));
    expect(span).not.toHaveProperty('parentSpanId');
    expect(span).not.toHaveProperty('traceState');
    expect(span).toMatchObject({ flags: 0x101, status: { code: 0 } });
  });

  it('puts spans of one resource together, however they were read, and keeps scopes apart', () => {
    const origin = (name: string, scopeName: string) => ({
      resource: { 'service.name': name },
      scopeName,
      scopeVersion: null,
    });
    const spans = [origin('a', 'x'), origin('b', 'x'), origin('a', 'x'), origin('a', 'y')].map((from, index) =>
      spanOf({ spanId: spanIdOf(index + 1), origin: from }),
    );
    const grouped = parseTraces(encode(spans)).resourceSpans.map((group) => [
      group.resource.attributes[0]!.value.stringValue,
      group.scopeSpans.map((scope) => scope.spans.map((span) => Number(span.spanId))),
    ]);
    expect(grouped).toEqual([
      ['a', [[1, 3], [4]]],
      ['b', [[2]]],
    ]);
  });

  it('turns numbers that no receiver could read into text', () => {
    const attributes = {
      nan: Number.NaN,
      inf: -Infinity,
      huge: 1e300,
      list: [1, Number.NaN],
      top: 2 ** 63,
      low: -(2 ** 53),
      most: -(2 ** 53) + 1,
    };
    expect(firstSpans(parseTraces(encode([spanOf({ attributes })])))[0]!.attributes).toEqual([
      { key: 'nan', value: { stringValue: 'NaN' } },
      { key: 'inf', value: { stringValue: '-Infinity' } },
      { key: 'huge', value: { stringValue: '1e+300' } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: '1' }, { stringValue: 'NaN' }] } } },
      { key: 'top', value: { stringValue: '9223372036854776000' } },
      { key: 'low', value: { stringValue: '-9007199254740992' } },
      { key: 'most', value: { intValue: -(2 ** 53) + 1 } },
    ]);
  });
});

const FORMATS = ['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'] as const;

describe('two decoders that are none of ours', () => {
  it('read in protobuf what was exported, and the same in JSON', () => {
    const spans = [RICH, spanOf(), spanOf({ spanId: spanIdOf(2), origin: RICH.origin })];
    const protobuf = encode(spans, { format: 'otlp-proto' });
    expect(expectSameByBothDecoders(protobuf, spans)).toHaveLength(3);
    expectJsonAsProtobuf(encode(spans), protobuf);
    expectLinesAsProtobuf(encode(spans, { format: 'otlp-jsonl' }), protobuf);
  });

  it('read every nanosecond', () => {
    const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(fc.array(fc.tuple(nanos, nanos), { minLength: 1 }), (times) => {
        const spans = times.map(([start, end], index) =>
          spanOf({ spanId: spanIdOf(index + 1), startTime: unixNano(start), endTime: unixNano(end) }),
        );
        const protobuf = encode(spans, { format: 'otlp-proto' });
        expectSameByBothDecoders(protobuf, spans);
        expectJsonAsProtobuf(encode(spans), protobuf);
      }),
      { numRuns: 20 },
    );
  });

  it('read whatever a span may hold', () => {
    fc.assert(
      fc.property(fc.array(spanRecords(), { minLength: 1, maxLength: 12 }), (records) => {
        const spans = distinct(records).map((record) => ({ ...makeSpan(), ...record }));
        const protobuf = encode(spans, { format: 'otlp-proto' });
        expectSameByBothDecoders(protobuf, spans);
        expectJsonAsProtobuf(encode(spans), protobuf);
        expectLinesAsProtobuf(encode(spans, { format: 'otlp-jsonl' }), protobuf);
      }),
      { numRuns: 60 },
    );
  });
});

describe('OTLP JSON Lines', () => {
  it('has one trace per line, in the order in which they came', () => {
    const spans = [
      spanOf({ traceId: traceIdOf(2), spanId: spanIdOf(1) }),
      spanOf({ traceId: traceIdOf(1), spanId: spanIdOf(2), name: 'two\nlines' }),
      spanOf({ traceId: traceIdOf(2), spanId: spanIdOf(3) }),
    ];
    const text = Buffer.from(encode(spans, { format: 'otlp-jsonl' })).toString();
    expect(text.endsWith('}\n')).toBe(true);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonTraces);
    const ids = lines.map((line) => firstSpans(line).map((span) => Number(span.spanId)));
    expect(ids).toEqual([[1, 3], [2]]);
  });
});

describe('what leaves', () => {
  it.each(FORMATS)('%s leaves open spans out', (format) => {
    const open = spanOf({ spanId: spanIdOf(9), endTime: null });
    expect(encode([open, RICH], { format })).toEqual(encode([RICH], { format }));
    expect(encode([open], { format })).toEqual(encode([], { format }));
  });

  it('is well-formed when there is nothing', () => {
    expect(parseTraces(encode([]))).toEqual({ resourceSpans: [] });
    expect(encode([], { format: 'otlp-jsonl' })).toHaveLength(0);
    expect(expectSameByBothDecoders(encode([], { format: 'otlp-proto' }))).toEqual([]);
  });

  const payload = redactor.payload({
    traceId: RICH.traceId,
    spanId: RICH.spanId,
    direction: 'request',
    mediaType: 'application/json',
    text: '{"params":{"password":"hunter2"}}',
  });

  it('R22: holds no payload unless asked', () => {
    for (const format of ['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const) {
      const bytes = encode([RICH], { format, withPayloads: false }, [payload]);
      expect(Buffer.from(bytes).toString('latin1')).not.toContain('params');
      expect(bytes).toEqual(encode([RICH], { format }));
    }
  });

  it('holds the redacted payloads of each span when asked', () => {
    const other = spanOf({ traceId: RICH.traceId, spanId: spanIdOf(0xaa), origin: RICH.origin });
    const [wire, otherWire] = firstSpans(parseTraces(encode([RICH, other], { withPayloads: true }, [payload])));
    expect(wire!.attributes.slice(-4)).toEqual([
      { key: 'throughline.payload.request', value: { stringValue: '{"params":{"password":"•••"}}' } },
      { key: 'throughline.payload.request.media_type', value: { stringValue: 'application/json' } },
      { key: 'throughline.payload.request.original_bytes', value: { intValue: payload.originalBytes } },
      { key: 'throughline.payload.request.truncated', value: { boolValue: false } },
    ]);
    expect(otherWire!.attributes).toEqual([]);
  });
});
