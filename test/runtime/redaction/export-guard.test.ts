import { describe, expect, it } from 'vitest';
import { encodeTraces } from '../../../src/otlp/encode-traces.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import { createExportGuard, ExportBlocked } from '../../../src/runtime/redaction/export-guard.ts';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { SpanId, TraceId } from '../../../src/shared/domain/ids.ts';
import { makeSpan } from '../../support/make-span.ts';

/** Sixteen digits that are a payment card's (Luhn). */
const CARD = '4539578763621486';

const guard = createExportGuard(createRedactor({ hashKey: new Uint8Array(32) }));

function exported(fields: Parameters<typeof makeSpan>[0]): Uint8Array {
  return encodeTraces([makeSpan(fields)], [], { format: 'otlp-json', withPayloads: false });
}

describe('R26: what stands before every way out', () => {
  it('lets ids and times pass that happen to have the digits of a payment card', () => {
    const id = CARD as SpanId;
    const links = [{ traceId: `${CARD}${CARD}` as TraceId, spanId: id, attributes: {} }];
    const times = { startTime: unixNano(BigInt(CARD)), endTime: unixNano(BigInt(`${CARD}000`)) };
    const events = [{ name: 'e', time: unixNano(BigInt(CARD)), attributes: {} }];
    expect(() => {
      guard(exported({ spanId: id, parentSpanId: id, traceId: `${CARD}${CARD}` as TraceId, links, events, ...times }));
    }).not.toThrow();
  });

  it.each<[string, Uint8Array]>([
    ['an attribute of that name', exported({ attributes: { spanId: CARD } })],
    ['a text that looks like an export', exported({ attributes: { body: `{"spanId":"${CARD}"}` } })],
    ['more than an id', Buffer.from(`{"spanId":"${CARD} "}`)],
    ['a name', exported({ name: CARD })],
  ])('stops the same digits in %s', (_, bytes) => {
    expect(() => {
      guard(bytes);
    }).toThrow(ExportBlocked);
  });
});
