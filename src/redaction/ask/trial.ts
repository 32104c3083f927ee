import type { TestedText } from '../../shared/domain/redaction.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { Pipeline } from '../pipeline.ts';
import { createHintFinder } from './hints.ts';

const NO_IDS = {
  traceId: '0'.repeat(32) as TraceId,
  spanId: '0'.repeat(16) as SpanId,
  direction: 'request',
} as const;

/** What the rules would do with a text, read as a body would be. */
export function tryOut(text: string, pipeline: Pipeline): TestedText {
  const payload = pipeline.payload({ ...NO_IDS, mediaType: 'text/plain', text });
  const hints = createHintFinder(pipeline.book).ofPayload(payload);
  const mediaType = payload.mediaType === 'application/json' ? 'application/json' : 'text/plain';
  return { text: payload.text, mediaType, findings: payload.findings, hints };
}
