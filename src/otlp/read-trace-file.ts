import { UserError } from '../shared/kernel/user-error.ts';
import { isMalformed } from './decode/protobuf-reader.ts';
import { protobufPieces } from './decode/protobuf-traces.ts';
import { createSpanCollector } from './decode/span-collector.ts';
import type { DecodedTraces } from './decoded.ts';
import { areLines, filledLines } from './files/json-lines.ts';
import { jsonParts, MalformedJson, skipSpace } from './files/json-parts.ts';
import { createDocumentReader } from './files/known-documents.ts';
import type { DocumentReader, OtherSignal } from './files/known-documents.ts';
import { otherFile } from './files/other-files.ts';
import { protobufShape, unwrapped } from './files/protobuf-shape.ts';
import { unpacked } from './files/unpack.ts';

/** A file with traces that is being read. */
export interface TraceFile {
  /**
   * What was read, about 3 ms of work a piece, so that the caller can let others run in between. One item of a JSON list
   * (a trace, or the spans of one resource) and one line are parsed in one go, however large. Throws a UserError when
   * nothing in the file can be read. To be called once.
   */
  pieces(): Generator<DecodedTraces>;
  /** What the file is, for example `OTLP JSON Lines` or `Jaeger JSON (gzip)`; certain once the last piece was read. */
  format(): string;
}

/**
 * Opens a file with traces by what is in it, whatever it is called: OTLP as JSON, JSON Lines or protobuf, a session of
 * Throughline, traces of Tempo, Jaeger and Zipkin, and each of them in gzip. Rejects with a UserError that names the file
 * when it is none of these.
 */
export async function openTraceFile(fileName: string, fileBytes: Uint8Array): Promise<TraceFile> {
  const { bytes, wasGzip } = await unpacked(fileName, fileBytes);
  const start = skipSpace(bytes, 0, bytes.length);
  if (start === bytes.length) throw new UserError(`${fileName} is empty; choose a file with traces.`);
  const other = otherFile(bytes);
  if (other !== null) throw new UserError(`${fileName} ${other}`);
  const isJson = bytes[start] === OPEN_OBJECT || bytes[start] === OPEN_LIST;
  const { pieces, format } = isJson ? openJson(fileName, bytes) : openProtobuf(fileName, bytes);
  return { pieces, format: () => (wasGzip ? `${format()} (gzip)` : format()) };
}

const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;

const BREAKS_OFF = 'The file is damaged or breaks off; what stands before that place was read.';

function openProtobuf(fileName: string, bytes: Buffer): TraceFile {
  const shape = protobufShape(bytes);
  if (shape === null) {
    throw new UserError(
      `${fileName} holds no traces that can be read; choose OTLP as JSON, JSON Lines or protobuf, or the JSON of Tempo, Jaeger or Zipkin.`,
    );
  }
  if (shape === 'damaged') {
    throw new UserError(
      `${fileName} is damaged or breaks off, if it is OTLP in protobuf; get it again and import that.`,
    );
  }
  if (shape !== 'traces' && shape !== 'wrapped') throw otherSignal(fileName, shape);
  return {
    *pieces() {
      try {
        yield* protobufPieces(shape === 'wrapped' ? unwrapped(bytes) : bytes);
      } catch (thrown) {
        if (!isMalformed(thrown)) throw thrown;
        yield { spans: [], payloads: [], rejectedSpans: 0, problems: [BREAKS_OFF] };
      }
    },
    format: () => (shape === 'wrapped' ? 'Tempo protobuf' : 'OTLP protobuf'),
  };
}

function otherSignal(fileName: string, signal: OtherSignal): UserError {
  return new UserError(`${fileName} holds ${signal}, not traces; export the traces and import that file.`);
}

/** Most lines that are named one by one when they cannot be read, and most that are borne. */
const MAX_NAMED_LINES = 10;
const MAX_BROKEN_LINES = 10_000;

/** What a broken line is as work, however short. */
const BROKEN_LINE_BYTES = 2_000;

function openJson(fileName: string, bytes: Buffer): TraceFile {
  const collector = createSpanCollector();
  const reader = createDocumentReader(fileName, collector);
  const hasLines = areLines(bytes);

  function* linePieces(): Generator<DecodedTraces> {
    let broken = 0;
    for (const line of filledLines(bytes)) {
      try {
        yield* documentPieces(line);
      } catch (thrown) {
        if (!(thrown instanceof MalformedJson)) throw thrown;
        broken += 1;
        if (broken > MAX_BROKEN_LINES) {
          collector.note(
            `More than ${String(MAX_BROKEN_LINES)} lines are not complete JSON, so the rest was not read.`,
          );
          return;
        }
        collector.note(brokenLine(line.number, broken));
        collector.spend(BROKEN_LINE_BYTES);
        if (collector.isFull()) yield collector.take();
      }
    }
  }

  function* documentPieces(range: { readonly start: number; readonly end: number }): Generator<DecodedTraces> {
    for (const part of jsonParts(bytes, range)) yield* reader.read(part);
    yield* reader.finish();
  }

  function* wholePieces(): Generator<DecodedTraces> {
    try {
      yield* documentPieces({ start: 0, end: bytes.length });
    } catch (thrown) {
      if (!(thrown instanceof MalformedJson)) throw thrown;
      if (reader.format() === null) {
        throw new UserError(`${fileName} is not complete JSON; get it again and import that.`);
      }
      yield* reader.finish();
      collector.note(BREAKS_OFF);
    }
  }

  return {
    *pieces() {
      yield* hasLines ? linePieces() : wholePieces();
      refuseUnknown(fileName, reader);
      yield collector.take();
    },
    format: () => (hasLines && reader.format() === 'OTLP JSON' ? 'OTLP JSON Lines' : (reader.format() ?? 'JSON')),
  };
}

function brokenLine(number: number, broken: number): string {
  return broken <= MAX_NAMED_LINES
    ? `Line ${String(number)} is not complete JSON; the other lines were read.`
    : `More than ${String(MAX_NAMED_LINES)} lines are not complete JSON.`;
}

function refuseUnknown(fileName: string, reader: DocumentReader): void {
  if (reader.format() !== null) return;
  const signal = reader.otherSignal();
  if (signal !== null) throw otherSignal(fileName, signal);
  throw new UserError(
    `${fileName} is JSON, but holds no traces of OTLP, Tempo, Jaeger or Zipkin; export the traces in one of these forms.`,
  );
}
