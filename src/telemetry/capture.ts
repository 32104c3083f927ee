import type { Span } from '@opentelemetry/api';
import type { PayloadDirection } from '../shared/domain/redacted.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { CapturedSpans, CapturePolicy } from '../shared/domain/settings.ts';
import type { Recorder } from './recorder.ts';

/**
 * Hands a message body to the recorder, which redacts it before anything else sees it, when bodies of such spans are kept
 * (R22). `seedName` is the span's name as `seed` has it, whatever it is called now.
 */
export type Capture = (span: Span, seedName: string, direction: PayloadDirection, text: string) => void;

export function createCapture(recorder: Pick<Recorder, 'payload'>, policy: CapturePolicy): Capture {
  const isKept = { request: selection(policy.requests), response: selection(policy.responses) };
  return (span, seedName, direction, text) => {
    if (!isKept[direction](seedName)) return;
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

function selection(captured: CapturedSpans): (seedName: string) => boolean {
  if (captured === 'all') return () => true;
  if (captured === 'none') return () => false;
  const names = new Set(captured);
  return (seedName) => names.has(seedName);
}
