import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import { payloadAttributes } from './payload-attributes.ts';
import { createSpanAdapter, isFinished } from './readable-span.ts';
import type { ReadableSpan } from './readable-span.ts';

/** `otlp-json` and `otlp-proto` are one request body; `otlp-jsonl` is a file with one trace per line. */
export type OtlpFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto';

export interface EncodeOptions {
  readonly format: OtlpFormat;
  /** Adds captured bodies to their spans as attributes. */
  readonly withPayloads: boolean;
}

/**
 * Spans as OTLP (opentelemetry-proto 1.x, ExportTraceServiceRequest, which TracesData equals in form). Open spans are
 * left out: OTLP has no place for them. Times keep every nanosecond.
 */
export function encodeTraces(
  spans: readonly RedactedSpan[],
  payloads: readonly RedactedPayload[],
  { format, withPayloads }: EncodeOptions,
): Uint8Array {
  const toReadable = createSpanAdapter();
  const attributesOf = payloadAttributes(withPayloads ? payloads : []);
  const finished = spans.filter(isFinished).map((span) => toReadable(span, attributesOf(span)));
  switch (format) {
    case 'otlp-json':
      return encoded(JsonTraceSerializer, finished);
    case 'otlp-jsonl':
      return toLines(finished);
    case 'otlp-proto':
      return encoded(ProtobufTraceSerializer, finished);
  }
}

type Serializer = typeof JsonTraceSerializer;

function encoded(serializer: Serializer, spans: ReadableSpan[]): Uint8Array {
  const bytes = serializer.serializeRequest(spans);
  if (bytes === undefined) throw new Error('The OTLP encoder gave no bytes.');
  return bytes;
}

const LINE_FEED = 10;

/** Traces in the order in which their first span comes. JSON text holds no line feed of its own. */
function toLines(spans: readonly ReadableSpan[]): Uint8Array {
  const traces = Map.groupBy(spans, (span) => span.spanContext().traceId);
  const lines = [...traces.values()].map((trace) => encoded(JsonTraceSerializer, trace));
  return Buffer.concat(lines.flatMap((line) => [line, Uint8Array.of(LINE_FEED)]));
}
