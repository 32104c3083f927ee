import { setImmediate } from 'node:timers/promises';
import type { RedactionControl } from '../../redaction/port.ts';
import type { SpanId, TraceId } from '../../shared/domain/ids.ts';
import type { RedactedPayload } from '../../shared/domain/redacted.ts';
import type { Hint, PlacedHint, RedactionPlace } from '../../shared/domain/redaction.ts';
import type { TraceStore } from '../../store/port.ts';

/** More would be no list that anybody reads. */
const MAX_HINTS = 500;

/** What looks like a secret in one stored span and its bodies, or in all of a trace's. */
export async function findHints(
  control: Pick<RedactionControl, 'hintsOfSpan' | 'hintsOfPayload'>,
  store: Pick<TraceStore, 'trace' | 'payload' | 'payloads'>,
  traceId: TraceId,
  spanId: SpanId | null,
): Promise<readonly PlacedHint[]> {
  const trace = await store.trace(traceId);
  if (trace === null) return [];
  const payloads = spanId === null ? await store.payloads(traceId) : await payloadsOf(store, traceId, spanId);
  const found: PlacedHint[] = [];
  const add = (place: RedactionPlace, hints: readonly Hint[]): void => {
    for (const hint of hints) found.push({ ...place, hint });
  };
  for (const span of trace.spans) {
    if (found.length >= MAX_HINTS) break;
    if (spanId !== null && span.spanId !== spanId) continue;
    add({ traceId, spanId: span.spanId, direction: null }, control.hintsOfSpan(span));
    // Calls that pass through this thread have their turn in between.
    await setImmediate();
  }
  for (const payload of payloads) {
    if (found.length >= MAX_HINTS) break;
    add({ traceId, spanId: payload.spanId, direction: payload.direction }, control.hintsOfPayload(payload));
    await setImmediate();
  }
  return found.slice(0, MAX_HINTS);
}

async function payloadsOf(
  store: Pick<TraceStore, 'payload'>,
  traceId: TraceId,
  spanId: SpanId,
): Promise<readonly RedactedPayload[]> {
  const both = await Promise.all([
    store.payload(traceId, spanId, 'request'),
    store.payload(traceId, spanId, 'response'),
  ]);
  return both.filter((payload) => payload !== null);
}
