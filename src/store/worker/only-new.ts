import type { SpanId } from '../../shared/domain/ids.ts';
import { decodePayloads, encodePayloads } from '../codec/payload-rows.ts';
import { decodeSpans, encodeSpans, parseSpans } from '../codec/span-rows.ts';
import type { TracePart } from './protocol.ts';

/** What is left of a part without the spans that are known, and without their bodies; null when that is nothing. */
export function onlyNew(part: TracePart, isKnown: (spanId: SpanId) => boolean): TracePart | null {
  const [, , rows] = parseSpans(part.spans);
  if (!rows.some(([spanId]) => isKnown(spanId))) return part;
  const spans = decodeSpans(part.spans, part.traceId).filter(({ spanId }) => !isKnown(spanId));
  if (spans.length === 0) return null;
  const payloads = decodePayloads(part, part.traceId).filter(({ spanId }) => !isKnown(spanId));
  return { traceId: part.traceId, spans: encodeSpans(spans), ...encodePayloads(payloads) };
}
