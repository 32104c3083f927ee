import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTraceRequest, traceRequestPieces } from '../../src/otlp/decode-traces.ts';
import type { OtlpEncoding } from '../../src/otlp/decode-traces.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { spanIdOf, traceIdOf } from '../support/make-span.ts';
import { recordOf, requestOf, SPAN } from './request.ts';
import { toProtobuf } from './to-protobuf.ts';

describe('R96: protobuf as others write it', () => {
  it('may have its fields in any order and fields that nobody knows yet', () => {
    const bytes = toProtobuf(requestOf(SPAN));
    const unknown = Uint8Array.from([0xf8, 0x07, 0x2a, 0xfa, 0x07, 0x03, 1, 2, 3, 0xf9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8]);
    const both = Buffer.concat([unknown, bytes, unknown]);
    expect(decodeTraceRequest(both, 'protobuf')).toEqual(decodeTraceRequest(bytes, 'protobuf'));
    // A ResourceSpans with the spans before the resource: fields 2 and 1 of it the other way round.
    const inner = Buffer.from(bytes.subarray(2));
    const resourceLength = 2 + inner[1]!;
    const turned = Buffer.concat([inner.subarray(resourceLength), inner.subarray(0, resourceLength)]);
    expect(decodeTraceRequest(Buffer.concat([bytes.subarray(0, 2), turned]), 'protobuf')).toEqual(
      decodeTraceRequest(bytes, 'protobuf'),
    );
  });

  it('is refused in one sentence when it breaks off anywhere', () => {
    const bytes = toProtobuf(requestOf({ ...SPAN, attributes: [{ key: 'a', value: { stringValue: 'b' } }] }));
    for (let length = 1; length < bytes.length; length += 1) {
      expect(() => decodeTraceRequest(bytes.subarray(0, length), 'protobuf')).toThrow(UserError);
    }
  });

  it('is read or refused, never more, when its bytes are wrong', () => {
    const bytes = toProtobuf(requestOf(SPAN, { ...SPAN, attributes: [{ key: 'a', value: { intValue: '5' } }] }));
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const wrong = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      flips.map((changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, byte] of changes) changed[at] = byte;
        return changed;
      }),
    );
    fc.assert(
      fc.property(wrong, (body) => {
        expectReadOrRefused(body, 'protobuf');
      }),
      { numRuns: 3_000 },
    );
  });

  it('with lengths beyond its end is refused without reserving room for them', () => {
    for (const length of [[0x80, 0x80, 0x80, 0x80, 0x08], [0xff, 0xff, 0xff, 0xff, 0x07], [0x7f]]) {
      expect(() => decodeTraceRequest(Uint8Array.from([0x0a, ...length, 1, 2]), 'protobuf')).toThrow(UserError);
    }
  });

  it('with messages in messages without end costs no more than its length', () => {
    // AnyValue in ArrayValue in AnyValue ..., 20,000 deep: as deep as a body of this size can go.
    let length = 2;
    const heads: Buffer[] = [];
    for (let depth = 0; depth < 20_000; depth += 1) {
      const head = Buffer.concat([Buffer.from([depth % 2 === 0 ? 0x0a : 0x2a]), varint(length)]);
      heads.push(head);
      length += head.length;
    }
    const nested = Buffer.concat([...heads.reverse(), Buffer.from([0x0a, 0x00])]);
    const attribute = message(0x4a, Buffer.concat([Buffer.from([0x0a, 1, 0x6b]), message(0x12, nested)]));
    const span = Buffer.concat([
      message(0x0a, Buffer.alloc(16, 1)),
      message(0x12, Buffer.alloc(8, 1)),
      Buffer.from([0x39, 1, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from([0x41, 1, 0, 0, 0, 0, 0, 0, 0]),
      attribute,
    ]);
    const body = message(0x0a, message(0x12, message(0x12, span)));
    expect(decodeTraceRequest(body, 'protobuf').problems).toEqual([
      'Attribute values nested more than 32 deep were cut there.',
    ]);
  });
});

describe('R96: JSON as others write it', () => {
  const read = (span: object) => recordOf(span, 'json');

  it('may have ids in any case or in base64, with or without padding', () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const spanId = '00f067aa0ba902b7';
    const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
    const ways = [
      [traceId.toUpperCase(), spanId.toUpperCase()],
      [base64(traceId), base64(spanId)],
      [base64(traceId).replaceAll('=', ''), base64(spanId).replaceAll('=', '')],
    ];
    for (const [trace, span] of ways) {
      expect(read({ traceId: trace, spanId: span, parentSpanId: span })).toMatchObject({
        traceId,
        spanId,
        parentSpanId: spanId,
      });
    }
  });

  it('may have numbers with or without quotes, and keeps every digit of both', () => {
    const body = JSON.stringify(
      requestOf({ ...SPAN, attributes: [{ key: 'n', value: { intValue: '9007199254740993' } }] }),
    );
    const bare = body.replace(/"(\d{16,})"(?=[,}])/g, (quoted, digits: string) =>
      quoted.includes(SPAN.traceId) ? quoted : digits,
    );
    expect(bare).toContain(':1764000000000000001,');
    expect(bare).toContain(':9007199254740993}');
    // Ids of digits only are text in both.
    expect(decodeTraceRequest(Buffer.from(bare.replace(/:(0{5,}\d+)/g, ':"$1"')), 'json')).toEqual(
      decodeTraceRequest(Buffer.from(body), 'json'),
    );
  });

  it('takes no number within a text for one of its own', () => {
    const text = '{"intValue":1234567890123456789, "n" : 12345678901234567890}';
    const attributes = [
      { key: 'body', value: { stringValue: text } },
      { key: 'n', value: { doubleValue: 12345678901234567 } },
    ];
    expect(read({ attributes }).attributes['body']).toBe(text);
  });

  it('may have names of enums, and fields in snake_case', () => {
    const span = {
      trace_id: traceIdOf(3),
      span_id: spanIdOf(3),
      parent_span_id: spanIdOf(2),
      trace_state: 'a=b',
      name: 'snake',
      kind: 'SPAN_KIND_PRODUCER',
      start_time_unix_nano: 5,
      end_time_unix_nano: '6',
      status: { code: 'STATUS_CODE_ERROR' },
      attributes: [{ key: 'k', value: { array_value: { values: [{ int_value: 1 }] } } }],
      events: [{ time_unix_nano: '7', name: 'e' }],
      dropped_attributes_count: '2',
    };
    const document = {
      resource_spans: [
        { instrumentation_library_spans: [{ instrumentation_library: { name: 'lib', version: '1' }, spans: [span] }] },
      ],
    };
    const { spans } = decodeTraceRequest(Buffer.from(JSON.stringify(document)), 'json');
    expect(spans[0]!.record).toMatchObject({
      traceId: traceIdOf(3),
      parentSpanId: spanIdOf(2),
      traceState: 'a=b',
      kind: 'producer',
      startTime: 5n,
      endTime: 6n,
      status: { code: 'error', message: null },
      attributes: { k: [1] },
      events: [{ name: 'e', time: 7n }],
      origin: { scopeName: 'lib', scopeVersion: '1' },
      dropped: { attributes: 2 },
    });
  });

  it.each(['', 'null', '[]', '"text"', '{"resourceSpans":[', '\u0000'])('refuses %j in one sentence', (body) => {
    expect(() => decodeTraceRequest(Buffer.from(body), 'json')).toThrow(
      new UserError('The body is not an OTLP trace request in JSON; send one object with "resourceSpans".'),
    );
  });

  it('is read or refused, never more, whatever stands where', () => {
    const names = [
      'resourceSpans',
      'scopeSpans',
      'spans',
      'resource',
      'attributes',
      'key',
      'value',
      'traceId',
      'events',
    ];
    const anything = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, true, 0, -1, 1e300, '', 'x', SPAN.traceId, SPAN.spanId, '99999999999999999999'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.constantFrom(
            ...names,
            ...Object.keys(SPAN),
            'stringValue',
            'intValue',
            'arrayValue',
            'kvlistValue',
            'values',
            '__proto__',
          ),
          tie('value'),
          { maxKeys: 6 },
        ),
      ),
    })).value;
    const spans = anything.map((value) => requestOf({ ...SPAN, ...(value as object) }));
    const groups = anything.map((value) => ({ resourceSpans: [value, { scopeSpans: [value] }] }));
    fc.assert(
      fc.property(fc.oneof(anything, spans, groups), (document) => {
        expectReadOrRefused(Buffer.from(JSON.stringify(document)), 'json');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('R96: a body of very many small things', () => {
  const text = 'hundreds of thousands';

  it.each<[string, OtlpEncoding, () => Uint8Array]>([
    ['empty groups', 'protobuf', () => Buffer.alloc(600_000, Buffer.from([0x0a, 0x00]))],
    ['empty scopes', 'protobuf', () => message(0x0a, Buffer.alloc(600_000, Buffer.from([0x12, 0x00])))],
    ['empty spans', 'protobuf', () => message(0x0a, message(0x12, Buffer.alloc(600_000, Buffer.from([0x12, 0x00]))))],
    ['empty groups', 'json', () => Buffer.from(`{"resourceSpans":[${'{},'.repeat(300_000)}{}]}`)],
    [
      'empty spans',
      'json',
      () => Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(300_000)}{}]}]}]}`),
    ],
  ])(`comes in pieces: ${text} of %s in %s`, (_, encoding, body) => {
    const pieces = [...traceRequestPieces(body(), encoding)];
    expect(pieces.length).toBeGreaterThan(50);
    expect(pieces.flatMap(({ spans }) => spans)).toEqual([]);
  });

  it('reads a long row of digits that is no number once', () => {
    const value = { doubleValue: `${'1'.repeat(1_000_000)}x` };
    expect(recordOf({ attributes: [{ key: 'd', value }] }, 'json').attributes['d']).toBe(value.doubleValue);
  });

  it('holds no more events and links than are kept', () => {
    const ids = Buffer.concat([message(0x0a, Buffer.alloc(16, 1)), message(0x12, Buffer.alloc(8, 1))]);
    const times = Buffer.from([0x39, 1, 0, 0, 0, 0, 0, 0, 0, 0x41, 1, 0, 0, 0, 0, 0, 0, 0]);
    const span = Buffer.concat([ids, times, Buffer.alloc(600_000, Buffer.from([0x5a, 0x00]))]);
    const { spans } = decodeTraceRequest(message(0x0a, message(0x12, message(0x12, span))), 'protobuf');
    expect(spans[0]!.record.events).toHaveLength(10_000);
    expect(spans[0]!.record.dropped.events).toBe(290_000);
  });
});

function expectReadOrRefused(body: Uint8Array, encoding: OtlpEncoding): void {
  try {
    for (const { record } of decodeTraceRequest(body, encoding).spans) {
      expect(record.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(record.endTime! >= record.startTime).toBe(true);
    }
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function message(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), varint(content.length), content]);
}
