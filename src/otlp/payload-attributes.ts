import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { Finding, PayloadDirection, RedactedPayload } from '../shared/domain/redacted.ts';
import type { Attributes, AttributeValue } from '../shared/domain/span.ts';

interface SpanIds {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

/** What was hidden in a span itself, as JSON. */
export const FINDINGS_ATTRIBUTE = 'throughline.findings';

/** The attributes in which one captured body travels. */
export function namesOfPayload(direction: PayloadDirection) {
  const text = `throughline.payload.${direction}`;
  return {
    text,
    mediaType: `${text}.media_type`,
    originalBytes: `${text}.original_bytes`,
    truncated: `${text}.truncated`,
    findings: `${text}.findings`,
  } as const;
}

/**
 * The attributes in which captured bodies travel, by span. They hold whole JSON-RPC messages, not a tool's arguments,
 * so the names of the GenAI conventions (`gen_ai.tool.call.arguments`) would say something else.
 *
 * `throughline.payload.request` and `.response` are the texts; `.media_type`, `.original_bytes` and `.truncated` below
 * each of them are what a reader needs to show them as they were captured, `.findings` (only when asked for) what was
 * hidden in them and why.
 */
export function payloadAttributes(
  payloads: readonly RedactedPayload[],
  withFindings: boolean,
): (span: SpanIds, isWanted: (direction: PayloadDirection) => boolean) => Attributes {
  const bySpan = Map.groupBy(payloads, keyOf);
  return (span, isWanted) => {
    const attributes: Record<string, AttributeValue> = {};
    for (const payload of bySpan.get(keyOf(span)) ?? []) {
      if (!isWanted(payload.direction)) continue;
      const names = namesOfPayload(payload.direction);
      attributes[names.text] = payload.text;
      attributes[names.mediaType] = payload.mediaType;
      attributes[names.originalBytes] = payload.originalBytes;
      attributes[names.truncated] = payload.truncated;
      if (withFindings && payload.findings.length > 0) attributes[names.findings] = findingsText(payload.findings);
    }
    return attributes;
  };
}

export function findingsText(findings: readonly Finding[]): string {
  return JSON.stringify(
    findings.map(({ path, start, end, rule, kind, length, hash }) => ({ path, start, end, rule, kind, length, hash })),
  );
}

function keyOf({ traceId, spanId }: SpanIds): string {
  return `${traceId}${spanId}`;
}
