import { expect } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode-traces.ts';
import type { OtlpEncoding } from '../../src/otlp/decode-traces.ts';
import type { DecodedTraces } from '../../src/otlp/decoded.ts';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { spanIdOf, traceIdOf } from '../support/make-span.ts';
import { toProtobuf } from './to-protobuf.ts';

/** An OTLP/JSON document in either encoding. */
export function bodyOf(document: unknown, encoding: OtlpEncoding): Uint8Array {
  return encoding === 'json' ? Buffer.from(JSON.stringify(document)) : toProtobuf(document);
}

export const SPAN = {
  traceId: traceIdOf(1),
  spanId: spanIdOf(1),
  name: 'call',
  startTimeUnixNano: '1764000000000000001',
  endTimeUnixNano: '1764000000000000009',
};

export function requestOf(...spans: readonly object[]): unknown {
  return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'test' }, spans }] }] };
}

export function decoded(document: unknown, encoding: OtlpEncoding): DecodedTraces {
  return decodeTraceRequest(bodyOf(document, encoding), encoding);
}

/** The only span of a request, which has no problems. */
export function recordOf(span: object, encoding: OtlpEncoding): SpanRecord {
  const { spans, problems } = decoded(requestOf({ ...SPAN, ...span }), encoding);
  expect(problems).toEqual([]);
  expect(spans).toHaveLength(1);
  return spans[0]!.record;
}
