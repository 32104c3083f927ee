import type { Span } from '@opentelemetry/api';
import type { PayloadDirection } from '../shared/domain/redacted.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { Recorder } from './recorder.ts';

/** Hands a message body to the recorder, which redacts it before anything else sees it. */
export type Capture = (span: Span, direction: PayloadDirection, text: string) => void;

export function createCapture(recorder: Pick<Recorder, 'payload'>): Capture {
  return (span, direction, text) => {
    const { traceId, spanId } = span.spanContext();
    recorder.payload({
      traceId: traceId as TraceId,
      spanId: spanId as SpanId,
      direction,
      mediaType: 'application/json',
      text,
      // Whatever the gateway hands on has been read or written by it as a JSON-RPC message.
      isParsedJson: true,
    });
  };
}
