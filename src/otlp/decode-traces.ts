import { UserError } from '../shared/kernel/user-error.ts';
import { isObject, listOf } from './decode/json-fields.ts';
import { parseExactJson } from './decode/json-text.ts';
import { jsonResourceSpans } from './decode/json-traces.ts';
import { isMalformed } from './decode/protobuf-reader.ts';
import { protobufPieces } from './decode/protobuf-traces.ts';
import { createSpanCollector } from './decode/span-collector.ts';
import type { DecodedTraces } from './decoded.ts';

export type OtlpEncoding = 'protobuf' | 'json';

/**
 * Reads the body of a request (opentelemetry-proto 1.x, `ExportTraceServiceRequest`), a piece of about 3 ms of work at a
 * time, so that the caller can let others run in between; JSON is parsed whole before the first one. Throws a UserError
 * when the body cannot be read; what came before was read.
 */
export function* traceRequestPieces(bytes: Uint8Array, encoding: OtlpEncoding): Generator<DecodedTraces> {
  if (encoding === 'json') yield* jsonPieces(bytes);
  else {
    try {
      yield* protobufPieces(bytes);
    } catch (thrown) {
      if (!isMalformed(thrown)) throw thrown;
      throw new UserError(
        'The body is not an OTLP trace request in protobuf; send it whole and say its real content type.',
      );
    }
  }
}

/** All of a request at once. Throws a UserError when the body cannot be read. */
export function decodeTraceRequest(bytes: Uint8Array, encoding: OtlpEncoding): DecodedTraces {
  return joinDecoded([...traceRequestPieces(bytes, encoding)]);
}

/** Pieces as one, each problem said once. */
export function joinDecoded(pieces: readonly DecodedTraces[]): DecodedTraces {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  return {
    spans: pieces.flatMap(({ spans }) => spans),
    payloads: pieces.flatMap(({ payloads }) => payloads),
    rejectedSpans: pieces.reduce((sum, { rejectedSpans }) => sum + rejectedSpans, 0),
    problems: [...new Set(pieces.flatMap(({ problems }) => problems))],
  };
}

function* jsonPieces(bytes: Uint8Array): Generator<DecodedTraces> {
  const document = parseExactJson(new TextDecoder().decode(bytes));
  if (!isObject(document)) {
    throw new UserError('The body is not an OTLP trace request in JSON; send one object with "resourceSpans".');
  }
  const collector = createSpanCollector();
  for (const group of listOf(document['resourceSpans'] ?? document['resource_spans'])) {
    yield* jsonResourceSpans(group, collector);
  }
  yield collector.take();
}
