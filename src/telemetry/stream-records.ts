import { ROOT_CONTEXT, SpanKind, type Attributes, type Link, type Span } from '@opentelemetry/api';
import type { EpochMillis } from '../gateway/clock.ts';
import type { StreamObservation, StreamStart } from '../gateway/observer.ts';
import { exchangeAttributes } from './attributes.ts';
import { correlationIdOf } from './correlation-id.ts';
import { hrTime } from './hr-time.ts';
import { ATTR } from './semconv.ts';
import { exchangeName } from './span-names.ts';
import { placeRoot } from './trace-context.ts';
import { startSpan, type Tracing } from './tracing.ts';

/**
 * Two short records of a stream that may stay open for hours: how it was opened, and, linked to that, how it ended
 * (R37). Both count as upkeep, so that a view can leave them out.
 */
export function observeStream(start: StreamStart, tracing: Tracing): StreamObservation {
  const { clock } = tracing;
  const correlationId = correlationIdOf(start.headers['x-correlation-id'], tracing.newCorrelationId);
  const { context, links, isCallerSampled } = placeRoot(start);
  const { capturesIdentity } = tracing;
  const common = {
    ...exchangeAttributes(start, { correlationId, isCallerSampled, capturesIdentity }),
    [ATTR.mcpSessionId]: tracing.hashOfSession(start.sessionId),
    [ATTR.upkeep]: 'stream',
    [ATTR.streamResumedFrom]: start.resumedFrom ?? undefined,
  };
  const name = exchangeName(start.method, start.route);
  const record = (startedAt: EpochMillis, attributes: Attributes, linked: readonly Link[], parent = context): Span => {
    const whole = { ...common, ...attributes };
    const span = startSpan(
      tracing,
      { name, kind: SpanKind.SERVER, attributes: whole, links: linked, startedAt },
      parent,
    );
    span.end(hrTime(clock.now()));
    return span;
  };
  const opened = record(start.receivedAt, { [ATTR.streamPhase]: 'opened' }, links);
  return {
    correlationId,
    closed(messages) {
      clock.follow();
      const now = clock.now();
      const lasted = Math.max(0, Math.round(now - start.receivedAt));
      const attributes = {
        [ATTR.streamPhase]: 'closed',
        [ATTR.streamMessages]: messages,
        [ATTR.streamDuration]: lasted,
      };
      record(now, attributes, [{ context: opened.spanContext() }], ROOT_CONTEXT);
    },
  };
}
