import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { PayloadDirection, RedactedPayload, RedactedSpan } from '../shared/domain/redacted.ts';
import type { CapturedSpans, CapturePolicy } from '../shared/domain/settings.ts';
import { FINDINGS_ATTRIBUTE, findingsText, payloadAttributes } from './payload-attributes.ts';
import { createSpanAdapter, isFinished } from './readable-span.ts';
import type { FinishedSpan, ReadableSpan } from './readable-span.ts';
import { SESSION_HEAD } from './session-file.ts';

/**
 * `otlp-json` and `otlp-proto` are one request body; `otlp-jsonl` is a file with one trace per line; `session` is such a
 * file with every body and finding and a first line that says so (docs/decisions/0021).
 */
export type OtlpFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto' | 'session';

export interface EncodeOptions {
  readonly format: OtlpFormat;
  /**
   * Adds captured bodies to their spans as attributes: all, none, or those that a policy names by direction and by their
   * span's name. A session holds all of them.
   */
  readonly withPayloads: boolean | CapturePolicy;
  /** Under which name a policy knows a span; the one it has, where this is left out. */
  readonly nameOf?: (span: RedactedSpan) => string;
  /** Adds what was hidden and why as attributes. A session always holds it, everything else only when this is true. */
  readonly withFindings?: boolean;
}

/**
 * Spans as OTLP (opentelemetry-proto 1.x, ExportTraceServiceRequest, which TracesData equals in form). Open spans are
 * left out: OTLP has no place for them. Times keep every nanosecond.
 */
export function encodeTraces(
  spans: readonly RedactedSpan[],
  payloads: readonly RedactedPayload[],
  { format, withPayloads, withFindings = false, nameOf = ({ name }) => name }: EncodeOptions,
): Uint8Array {
  const isSession = format === 'session';
  const finished = toReadable(spans.filter(isFinished), payloads, {
    leaves: isSession ? () => true : selectionOf(withPayloads, nameOf),
    withFindings: isSession || withFindings,
  });
  switch (format) {
    case 'otlp-json':
      return encoded(JsonTraceSerializer, finished);
    case 'otlp-jsonl':
      return toLines(finished);
    case 'otlp-proto':
      return encoded(ProtobufTraceSerializer, finished);
    case 'session':
      return Buffer.concat([SESSION_HEAD, toLines(finished)]);
  }
}

type LeavingPayload = (span: RedactedSpan, direction: PayloadDirection) => boolean;

function selectionOf(asked: boolean | CapturePolicy, nameOf: (span: RedactedSpan) => string): LeavingPayload {
  if (typeof asked === 'boolean') return () => asked;
  return (span, direction) => holds(direction === 'request' ? asked.requests : asked.responses, nameOf(span));
}

function holds(captured: CapturedSpans, name: string): boolean {
  return typeof captured === 'string' ? captured === 'all' : captured.includes(name);
}

function toReadable(
  spans: readonly FinishedSpan[],
  payloads: readonly RedactedPayload[],
  { leaves, withFindings }: { readonly leaves: LeavingPayload; readonly withFindings: boolean },
): ReadableSpan[] {
  const adapt = createSpanAdapter();
  const attributesOf = payloadAttributes(payloads, withFindings);
  return spans.map((span) => {
    const bodies = attributesOf(span, (direction) => leaves(span, direction));
    const hasFindings = withFindings && span.findings.length > 0;
    return adapt(span, hasFindings ? { ...bodies, [FINDINGS_ATTRIBUTE]: findingsText(span.findings) } : bodies);
  });
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
