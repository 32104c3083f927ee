import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { expectedSpan } from './otlp-decoders/expected-spans.ts';
import { readByGenerated } from './otlp-decoders/generated.ts';
import { readJson } from './otlp-decoders/json.ts';
import { readByProtoc } from './otlp-decoders/protoc.ts';
import { readSpans } from './otlp-decoders/read-spans.ts';
import type { ReadSpan } from './otlp-decoders/read-spans.ts';

/**
 * Reads an `ExportTraceServiceRequest` in protobuf by two decoders that are none of ours (the classes that
 * otlp-transformer 0.216.0 generated, and `protoc` with the published definitions), expects that they agree in every field
 * and, when the spans that were exported are given, that this is what they hold. Answers with what was read.
 */
export function expectSameByBothDecoders(protobuf: Uint8Array, exported?: readonly SpanRecord[]): readonly ReadSpan[] {
  const byProtoc = readSpans(readByProtoc(protobuf));
  expectSame(readSpans(readByGenerated(protobuf)), byProtoc);
  if (exported !== undefined) expectSame(inOrder(byProtoc), inOrder(exported.map(expectedSpan)));
  return byProtoc;
}

/**
 * Expects that an export in OTLP/JSON says what both decoders read in the protobuf export of the same spans, which may
 * have been read before.
 */
export function expectJsonAsProtobuf(json: Uint8Array, protobuf: Uint8Array | readonly ReadSpan[]): void {
  expectSame(inOrder(readSpans(readJson(json))), inOrder(readByBoth(protobuf)));
}

/** Expects the same of a file with one OTLP/JSON document a line. */
export function expectLinesAsProtobuf(lines: Uint8Array, protobuf: Uint8Array | readonly ReadSpan[]): void {
  const documents = Buffer.from(lines).toString('utf8').trimEnd().split('\n');
  const spans = documents.flatMap((line) => readSpans(readJson(Buffer.from(line))));
  expectSame(inOrder(spans), inOrder(readByBoth(protobuf)));
}

function readByBoth(protobuf: Uint8Array | readonly ReadSpan[]): readonly ReadSpan[] {
  return protobuf instanceof Uint8Array ? expectSameByBothDecoders(protobuf) : protobuf;
}

/** Node compares much faster than the matcher, which is asked when something differs, to show what. */
function expectSame(read: readonly ReadSpan[], expected: readonly ReadSpan[]): void {
  if (!isDeepStrictEqual(read, expected)) expect(read).toEqual(expected);
}

/** Exports group spans by who made them, so their order is not that of the source. */
function inOrder(spans: readonly ReadSpan[]): readonly ReadSpan[] {
  const key = ({ traceId, spanId }: ReadSpan): string => traceId + spanId;
  return [...spans].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
