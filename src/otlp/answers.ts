import protobuf from 'protobufjs/minimal.js';
import type { OtlpEncoding } from './decode-traces.ts';

export interface ExportAnswer {
  readonly rejectedSpans: number;
  /** Empty: everything was taken. With no span rejected it is a warning (OTLP 1.x, "Partial Success"). */
  readonly problem: string;
}

/** An `ExportTraceServiceResponse`, written as its request was. */
export function encodeExportAnswer({ rejectedSpans, problem }: ExportAnswer, encoding: OtlpEncoding): Uint8Array {
  const isPartial = rejectedSpans > 0 || problem !== '';
  if (encoding === 'json') {
    // 64-bit integers are strings in OTLP/JSON.
    const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage: problem };
    return Buffer.from(JSON.stringify(isPartial ? { partialSuccess } : {}));
  }
  if (!isPartial) return new Uint8Array();
  const partial = protobuf.Writer.create();
  if (rejectedSpans > 0) partial.uint32(REJECTED_SPANS).int64(rejectedSpans);
  if (problem !== '') partial.uint32(ERROR_MESSAGE).string(problem);
  return protobuf.Writer.create().uint32(PARTIAL_SUCCESS).bytes(partial.finish()).finish();
}

/** A `google.rpc.Status`, which is what a refused request is answered with. */
export function encodeStatus(code: number, message: string, encoding: OtlpEncoding): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return protobuf.Writer.create().uint32(STATUS_CODE).int32(code).uint32(STATUS_MESSAGE).string(message).finish();
}

const VARINT = 0;
const LENGTH = 2;

/** A field's number and wire type, as a message has them. */
const PARTIAL_SUCCESS = (1 << 3) | LENGTH;
const REJECTED_SPANS = (1 << 3) | VARINT;
const ERROR_MESSAGE = (2 << 3) | LENGTH;
const STATUS_CODE = (1 << 3) | VARINT;
const STATUS_MESSAGE = (2 << 3) | LENGTH;
