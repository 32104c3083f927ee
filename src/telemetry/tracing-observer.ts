import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Clock } from '../gateway/clock.ts';
import type {
  CallOutcome,
  ExchangeObservation,
  ExchangeOutcome,
  ExchangeStart,
  InputWait,
  Observer,
  OperationObservation,
  OperationStart,
  UpkeepStart,
} from '../gateway/observer.ts';
import { exchangeAttributes, operationAttributes, targetAttributes } from './attributes.ts';
import { createCapture, type Capture } from './capture.ts';
import { correlationIdOf } from './correlation-id.ts';
import { hrTime } from './hr-time.ts';
import { createIdGenerator } from './ids.ts';
import { setOutcome, setRootOutcome } from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { ATTR, ERROR_TYPE_CANCELLED } from './semconv.ts';
import { createSessionHash } from './session-hash.ts';
import { exchangeName, operationName, SPAN_INPUT_WAIT } from './span-names.ts';
import { contextToSend, linksTo, placeRoot } from './trace-context.ts';
import { observeStream } from './stream-records.ts';
import { startSpan, type Tracing } from './tracing.ts';
import { startUpstreamCall } from './upstream-call.ts';

export interface TracingOptions {
  readonly tracer: Tracer;
  readonly recorder: Pick<Recorder, 'payload'>;
  readonly clock: Clock;
}

/** Turns what the gateway tells into spans: request root, operation, client call and its phases. */
export function createTracingObserver({ tracer, recorder, clock }: TracingOptions): Observer {
  const tracing: Tracing = {
    tracer,
    clock,
    capture: createCapture(recorder),
    hashOfSession: createSessionHash(),
    newCorrelationId: createIdGenerator().generateTraceId,
  };
  return {
    exchange: (start) => beginExchange(start, tracing),
    upkeep: (start) => beginUpkeep(start, tracing),
    stream: (start) => observeStream(start, tracing),
  };
}

function beginExchange(start: ExchangeStart, tracing: Tracing): ExchangeObservation {
  const correlationId = correlationIdOf(start.headers['x-correlation-id'], tracing.newCorrelationId);
  const { context, links } = placeRoot(start);
  const root = startSpan(
    tracing,
    {
      name: exchangeName(start.method, start.route),
      kind: SpanKind.SERVER,
      attributes: exchangeAttributes(start, correlationId),
      links,
      startedAt: start.receivedAt,
    },
    context,
  );
  const inside = trace.setSpan(context, root);
  return {
    correlationId,
    operation: (operation) => beginOperation(operation, inside, tracing),
    end(outcome) {
      endExchange(root, outcome);
      root.end(hrTime(tracing.clock.now()));
    },
  };
}

function endExchange(root: Span, outcome: ExchangeOutcome): void {
  if (outcome.kind === 'disconnected') {
    root.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);
    return;
  }
  const { statusCode, answer } = outcome;
  root.setAttribute(ATTR.httpResponseStatusCode, statusCode);
  if (statusCode < 400) {
    if (answer !== undefined) setRootOutcome(root, answer);
    return;
  }
  if (answer?.kind === 'error') root.setAttribute(ATTR.rpcResponseStatusCode, String(answer.code));
  root.setAttribute(ATTR.errorType, String(statusCode));
  if (statusCode >= 500) root.setStatus({ code: SpanStatusCode.ERROR });
}

function beginOperation(start: OperationStart, parent: Context, tracing: Tracing): OperationObservation {
  const span = startSpan(
    tracing,
    {
      name: operationName(start.method),
      kind: SpanKind.INTERNAL,
      attributes: operationAttributes(start, tracing.hashOfSession),
      links: start.linkedMeta === null ? [] : linksTo(start.linkedMeta),
    },
    parent,
  );
  tracing.capture(span, 'request', start.messageText);
  return observeOperation(span, parent, start.method, tracing);
}

function beginUpkeep(start: UpkeepStart, tracing: Tracing): OperationObservation {
  tracing.clock.follow();
  const span = startSpan(
    tracing,
    {
      name: `server.${start.reason}`,
      kind: SpanKind.INTERNAL,
      attributes: { [ATTR.serverId]: start.serverId, [ATTR.upkeep]: start.reason },
    },
    ROOT_CONTEXT,
  );
  return observeOperation(span, ROOT_CONTEXT, `server/${start.reason}`, tracing);
}

function observeOperation(span: Span, parent: Context, method: string, tracing: Tracing): OperationObservation {
  const inside = trace.setSpan(parent, span);
  return {
    traceContext: contextToSend(span),
    waits: (methods) => beginInputWait(methods, inside, tracing),
    routed(serverId, target) {
      span.setAttribute(ATTR.serverId, serverId);
      span.setAttributes(targetAttributes(method, target));
    },
    agreed(protocolVersion) {
      span.setAttribute(ATTR.mcpProtocolVersion, protocolVersion);
    },
    upstreamCall: (call) => startUpstreamCall(call, inside, tracing),
    end(outcome) {
      endOperation(span, outcome, tracing.capture);
      span.end(hrTime(tracing.clock.now()));
    },
  };
}

function beginInputWait(methods: readonly string[], parent: Context, tracing: Tracing): InputWait {
  const attributes = { [ATTR.inputMethods]: [...methods] };
  const span = startSpan(tracing, { name: SPAN_INPUT_WAIT, kind: SpanKind.INTERNAL, attributes }, parent);
  return {
    end(how) {
      if (!span.isRecording()) return;
      if (how === 'cancelled') span.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);
      span.end(hrTime(tracing.clock.now()));
    },
  };
}

function endOperation(span: Span, outcome: CallOutcome, capture: Capture): void {
  setOutcome(span, outcome, 'serving');
  if (outcome.kind !== 'accepted') span.setAttribute(ATTR.success, outcome.kind === 'result' && !outcome.isToolError);
  if (outcome.kind === 'result' && outcome.count !== undefined) {
    span.setAttribute(`${outcome.count.what}.count`, outcome.count.value);
  }
  if ('messageText' in outcome && outcome.messageText !== null) capture(span, 'response', outcome.messageText);
}
