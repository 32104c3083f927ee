import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Clock, EpochMillis } from '../gateway/clock.ts';
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
import type { ServerId } from '../shared/domain/ids.ts';
import type { TracingPolicy } from '../shared/domain/settings.ts';
import { exchangeAttributes, operationAttributes, routedAttributes } from './attributes.ts';
import { createCapture } from './capture.ts';
import { correlationIdOf } from './correlation-id.ts';
import { FailureTrail } from './exception.ts';
import { hrTime } from './hr-time.ts';
import { createIdGenerator } from './ids.ts';
import { setOutcome, setRootOutcome, type Ending } from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { createSilentObserver } from './recording-off.ts';
import { ATTR, ERROR_TYPE_CANCELLED } from './semconv.ts';
import { createNewsRecorder, startQuestion, startUpstreamNotification, type QuestionPlace } from './server-messages.ts';
import { createSessionHash } from './session-hash.ts';
import { exchangeName, namesUnder, operationName, SPAN_INPUT_WAIT } from './span-names.ts';
import { contextToSend, linksTo, placeRoot } from './trace-context.ts';
import { observeStream } from './stream-records.ts';
import { startSpan, type Below, type Tracing } from './tracing.ts';
import { startUpstreamCall } from './upstream-call.ts';

export interface TracingOptions {
  readonly tracer: Tracer;
  readonly recorder: Pick<Recorder, 'payload'>;
  readonly clock: Clock;
  /** Asked whenever a trace begins; what has begun goes on under the policy it began with (R92). */
  readonly policy: () => TracingPolicy;
}

/** Turns what the gateway tells into spans: request root, operation, client call and its phases. */
export function createTracingObserver(options: TracingOptions): Observer {
  const { generateTraceId: newCorrelationId } = createIdGenerator();
  const silent = createSilentObserver(newCorrelationId);
  const tracing = createTracingUnder(options, newCorrelationId);
  const recordNews = createNewsRecorder();
  return {
    exchange(start) {
      const now = tracing();
      return now === null ? silent.exchange(start) : beginExchange(start, now);
    },
    upkeep(start) {
      const now = tracing();
      return now === null ? silent.upkeep(start) : beginUpkeep(start, now);
    },
    stream(start) {
      const now = tracing();
      return now === null ? silent.stream(start) : observeStream(start, now);
    },
    question(start) {
      const now = tracing();
      return now === null ? silent.question(start) : startQuestion(start, OUTSIDE_OF_CALLS, now);
    },
    news(start) {
      const now = tracing();
      if (now !== null) recordNews(start, now);
    },
  };
}

const OUTSIDE_OF_CALLS: QuestionPlace = { parent: null, serverId: null, trail: null };

/** What the policy of the moment makes of tracing; null while nothing is recorded. */
function createTracingUnder(
  { tracer, clock, recorder, policy }: TracingOptions,
  newCorrelationId: () => string,
): () => Tracing | null {
  const hashOfSession = createSessionHash();
  const under = (current: TracingPolicy): Tracing | null =>
    current.isRecording
      ? {
          tracer,
          clock,
          hashOfSession,
          newCorrelationId,
          names: namesUnder(current.spanNaming),
          capture: createCapture(recorder, current.capture),
          capturesIdentity: current.capturesIdentity,
        }
      : null;
  let known = policy();
  let tracing = under(known);
  return () => {
    const current = policy();
    if (current !== known) {
      known = current;
      tracing = under(current);
    }
    return tracing;
  };
}

function beginExchange(start: ExchangeStart, tracing: Tracing): ExchangeObservation {
  const correlationId = correlationIdOf(start.headers['x-correlation-id'], tracing.newCorrelationId);
  const { context, links, isCallerSampled } = placeRoot(start);
  const { capturesIdentity } = tracing;
  const root = startSpan(
    tracing,
    {
      name: exchangeName(start.method, start.route),
      kind: SpanKind.SERVER,
      attributes: exchangeAttributes(start, { correlationId, isCallerSampled, capturesIdentity }),
      links,
      startedAt: start.receivedAt,
    },
    context,
  );
  const request = { parent: trace.setSpan(context, root), trail: new FailureTrail() };
  return {
    correlationId,
    operation: (operation) => beginOperation(operation, request, tracing),
    end(outcome) {
      const at = tracing.clock.now();
      endExchange(root, outcome, { at, trail: request.trail });
      root.end(hrTime(at));
    },
  };
}

function endExchange(root: Span, outcome: ExchangeOutcome, ending: Ending): void {
  if (outcome.kind === 'disconnected') {
    root.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);
    return;
  }
  const { statusCode, answer } = outcome;
  root.setAttribute(ATTR.httpResponseStatusCode, statusCode);
  if (statusCode < 400) {
    if (answer !== undefined) setRootOutcome(root, answer, ending);
    return;
  }
  if (answer?.kind === 'error') root.setAttribute(ATTR.rpcResponseStatusCode, String(answer.code));
  root.setAttribute(ATTR.errorType, String(statusCode));
  if (statusCode >= 500) root.setStatus({ code: SpanStatusCode.ERROR });
}

function beginOperation(start: OperationStart, request: Below, tracing: Tracing): OperationObservation {
  const { parent, trail } = request;
  const { method, target } = start;
  const { clock, names } = tracing;
  const startedAt = clock.now();
  const span = startSpan(
    tracing,
    {
      name: names.operation(method, target),
      kind: names.operationKind,
      attributes: operationAttributes(start, tracing.hashOfSession),
      links: start.linkedMeta === null ? [] : linksTo(start.linkedMeta),
      startedAt,
    },
    parent,
  );
  tracing.capture(span, operationName(method), 'request', start.messageText);
  const { serverId } = start;
  return observeOperation(span, { parent, trail, serverId, asked: { method, target, startedAt } }, tracing);
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
  return observeOperation(span, { parent: ROOT_CONTEXT, trail: null, serverId: start.serverId, asked: null }, tracing);
}

interface Operation {
  readonly parent: Context;
  readonly trail: FailureTrail | null;
  readonly serverId: ServerId | null;
  /** Null for upkeep, which nobody asked for. */
  readonly asked: (Pick<OperationStart, 'method' | 'target'> & { readonly startedAt: EpochMillis }) | null;
}

function observeOperation(span: Span, operation: Operation, tracing: Tracing): OperationObservation {
  const { parent, asked } = operation;
  const { clock, names } = tracing;
  const inside = trace.setSpan(parent, span);
  const trail = new FailureTrail(operation.trail);
  const below = { parent: inside, trail };
  let { serverId } = operation;
  return {
    traceContext: contextToSend(span),
    waits: (methods) => beginInputWait(methods, { ...below, serverId }, tracing),
    question: (start) => startQuestion(start, { ...below, serverId }, tracing),
    routed(to, target) {
      serverId = to;
      if (asked === null) return;
      const isRenamed = target !== asked.target;
      span.setAttributes(routedAttributes(asked.method, to, isRenamed ? target : null));
      if (isRenamed) span.updateName(names.operation(asked.method, target));
    },
    agreed(protocolVersion) {
      span.setAttribute(ATTR.mcpProtocolVersion, protocolVersion);
    },
    upstreamCall: (call) => startUpstreamCall(call, below, tracing),
    upstreamNotification: (notification) => startUpstreamNotification(notification, below, tracing),
    end(outcome) {
      const at = clock.now();
      endOperation(span, outcome, { at, trail });
      if (asked !== null) {
        if (TIMED.has(asked.method)) span.setAttribute(ATTR.durationMs, roundedMillis(at - asked.startedAt));
        if ('messageText' in outcome && outcome.messageText !== null)
          tracing.capture(span, operationName(asked.method), 'response', outcome.messageText);
      }
      span.end(hrTime(at));
    },
  };
}

/** Those that say how long they took in the system whose tree this is, beside their own times. */
const TIMED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

function roundedMillis(millis: number): number {
  return Math.round(millis * 1_000) / 1_000;
}

function beginInputWait(methods: readonly string[], place: QuestionPlace & Below, tracing: Tracing): InputWait {
  const { parent, serverId, trail } = place;
  const attributes = { [ATTR.inputMethods]: [...methods] };
  const span = startSpan(tracing, { name: SPAN_INPUT_WAIT, kind: SpanKind.INTERNAL, attributes }, parent);
  const inside = { parent: trace.setSpan(parent, span), serverId, trail };
  return {
    question: (start) => startQuestion(start, inside, tracing),
    end(how) {
      if (!span.isRecording()) return;
      if (how === 'cancelled') span.setAttribute(ATTR.errorType, ERROR_TYPE_CANCELLED);
      span.end(hrTime(tracing.clock.now()));
    },
  };
}

function endOperation(span: Span, outcome: CallOutcome, ending: Ending): void {
  setOutcome(span, outcome, 'serving', ending);
  if (outcome.kind !== 'accepted') span.setAttribute(ATTR.success, outcome.kind === 'result' && !outcome.isToolError);
  if (outcome.kind === 'result' && outcome.count !== undefined) {
    span.setAttribute(`${outcome.count.what}.count`, outcome.count.value);
  }
}
