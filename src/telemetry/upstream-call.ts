import { SpanKind, trace, type Context, type Span } from '@opentelemetry/api';
import type { EpochMillis } from '../gateway/clock.ts';
import type {
  CallOutcome,
  OpeningMethod,
  OpeningObservation,
  UpstreamCallObservation,
  UpstreamCallStart,
} from '../gateway/observer.ts';
import { idOf, upstreamCallAttributes } from './attributes.ts';
import { FailureTrail } from './exception.ts';
import { hrTime } from './hr-time.ts';
import { setOutcome } from './outcome.ts';
import { ATTR, EVENT_SERVER_LOG } from './semconv.ts';
import { toldOn } from './server-messages.ts';
import { namesUnder, SPAN_CLIENT_CALL, SPAN_CLIENT_REQUEST, SPAN_CLIENT_RESPONSE } from './span-names.ts';
import { contextToSend } from './trace-context.ts';
import { startSpan, type Below, type Tracing } from './tracing.ts';

/** `mcp.client.call` and what happens under it: the handshake when there is one, the request, the response. */
export function startUpstreamCall(
  start: UpstreamCallStart,
  { parent, trail: above }: Below,
  tracing: Tracing,
): UpstreamCallObservation {
  const trail = new FailureTrail(above);
  const name = tracing.names.call(start.method, start.target);
  const attributes = upstreamCallAttributes(start);
  const call = startSpan(tracing, { name, kind: SpanKind.CLIENT, attributes }, parent);
  const inside = trace.setSpan(parent, call);
  const phases = createPhases(call, inside, tracing);
  return {
    traceContext: contextToSend(call),
    sessionReused(reused) {
      call.setAttribute(ATTR.sessionReused, reused);
    },
    agreed(protocolVersion) {
      call.setAttribute(ATTR.mcpProtocolVersion, protocolVersion);
    },
    opening: (method) => startOpening(method, { parent: inside, trail }, tracing),
    sent: phases.sent,
    received: phases.received,
    printed: printedOn(call),
    told: toldOn(call),
    end(outcome) {
      phases.end();
      if (outcome.kind === 'result') call.setAttribute(ATTR.upstreamResponseSuccess, !outcome.isToolError);
      endSpan(call, outcome, trail, tracing);
    },
  };
}

function startOpening(method: OpeningMethod, { parent, trail }: Below, tracing: Tracing): OpeningObservation {
  const seedName = namesUnder('seed').opening(method);
  const name = tracing.names.opening(method);
  const attributes = { [ATTR.mcpMethodName]: method };
  const span = startSpan(tracing, { name, kind: SpanKind.CLIENT, attributes }, parent);
  return {
    traceContext: contextToSend(span),
    sent(messageText, idText) {
      span.setAttribute(ATTR.jsonrpcRequestId, idOf(idText) ?? '');
      tracing.capture(span, seedName, 'request', messageText);
    },
    received(messageText) {
      tracing.capture(span, seedName, 'response', messageText);
    },
    printed: printedOn(span),
    told: toldOn(span),
    end(outcome, protocolVersion) {
      if (protocolVersion !== null) span.setAttribute(ATTR.mcpProtocolVersion, protocolVersion);
      endSpan(span, outcome, trail, tracing);
    },
  };
}

/** Enough to see what a server says about a call, not enough for a chatty one to fill the trace. */
const MAX_LOG_EVENTS = 64;

/** The lines a server prints become events of the calls it has at that time. */
function printedOn(span: Span): OpeningObservation['printed'] {
  let count = 0;
  return (line, from, at) => {
    if (!span.isRecording()) return;
    count += 1;
    if (count <= MAX_LOG_EVENTS)
      span.addEvent(EVENT_SERVER_LOG, { [ATTR.logIostream]: from, [ATTR.logRecordOriginal]: line }, hrTime(at));
    else span.setAttribute(ATTR.logEventsDropped, count - MAX_LOG_EVENTS);
  };
}

interface Phases {
  sent(messageText: string, idText: string): void;
  received(messageText: string, firstByteAt: EpochMillis): void;
  end(): void;
}

/**
 * The request phase lasts from sending to the first byte of the answer, the response phase from there until the answer
 * has been read and handed on. They bear no method, or backends would count the call three times.
 */
function createPhases(call: Span, parent: Context, tracing: Tracing): Phases {
  let request: Span | null = null;
  let response: Span | null = null;
  return {
    sent(messageText, idText) {
      call.setAttribute(ATTR.jsonrpcRequestId, idOf(idText) ?? '');
      tracing.capture(call, SPAN_CLIENT_CALL, 'request', messageText);
      request = startSpan(tracing, { name: SPAN_CLIENT_REQUEST, kind: SpanKind.INTERNAL }, parent);
    },
    received(messageText, firstByteAt) {
      request?.end(hrTime(firstByteAt));
      request = null;
      const start = { name: SPAN_CLIENT_RESPONSE, kind: SpanKind.INTERNAL, startedAt: firstByteAt };
      response = startSpan(tracing, start, parent);
      tracing.capture(call, SPAN_CLIENT_CALL, 'response', messageText);
    },
    end() {
      const now = hrTime(tracing.clock.now());
      request?.end(now);
      response?.end(now);
    },
  };
}

function endSpan(span: Span, outcome: CallOutcome, trail: FailureTrail, { clock }: Tracing): void {
  const at = clock.now();
  setOutcome(span, outcome, 'calling', { at, trail });
  span.end(hrTime(at));
}
