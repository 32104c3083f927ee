import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { RedactedPayload } from '../shared/domain/redacted.ts';
import type { Attributes } from '../shared/domain/span.ts';

interface SpanIds {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

/**
 * The attributes in which captured bodies travel, by span. They hold whole JSON-RPC messages, not a tool's arguments,
 * so the names of the GenAI conventions (`gen_ai.tool.call.arguments`) would say something else.
 *
 * `throughline.payload.request` and `.response` are the texts; `.media_type`, `.original_bytes` and `.truncated` below
 * each of them are what a reader needs to show them as they were captured.
 */
export function payloadAttributes(payloads: readonly RedactedPayload[]): (span: SpanIds) => Attributes {
  const bySpan = Map.groupBy(payloads, keyOf);
  return (span) => {
    const attributes: Record<string, string | number | boolean> = {};
    for (const payload of bySpan.get(keyOf(span)) ?? []) {
      const name = `throughline.payload.${payload.direction}`;
      attributes[name] = payload.text;
      attributes[`${name}.media_type`] = payload.mediaType;
      attributes[`${name}.original_bytes`] = payload.originalBytes;
      attributes[`${name}.truncated`] = payload.truncated;
    }
    return attributes;
  };
}

function keyOf({ traceId, spanId }: SpanIds): string {
  return `${traceId}${spanId}`;
}
