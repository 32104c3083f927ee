import { SpanKind, type Attributes, type Context, type Link, type Span } from '@opentelemetry/api';
import type { ServerId } from '../shared/domain/ids.ts';
import type { EpochMillis } from '../gateway/clock.ts';
import type {
  CallOutcome,
  NewsStart,
  NotificationObservation,
  QuestionObservation,
  QuestionStart,
  ServerNotification,
  UpstreamNotificationStart,
} from '../gateway/observer.ts';
import { idOf, upstreamCallAttributes } from './attributes.ts';
import { FailureTrail } from './exception.ts';
import { hrTime } from './hr-time.ts';
import { setOutcome, type Ending } from './outcome.ts';
import { ATTR, EVENT_NOTIFICATION } from './semconv.ts';
import { operationName, SPAN_CLIENT_NOTIFY } from './span-names.ts';
import { contextToSend, linksTo, placeRoot } from './trace-context.ts';
import { startSpan, type Below, type Tracing } from './tracing.ts';

/** Where a question belongs: below what a client asked for, or by itself. */
export interface QuestionPlace {
  /** Null outside of any call: the server's own context is the parent then, when the question carries one. */
  readonly parent: Context | null;
  readonly serverId: ServerId | null;
  /** Of what it belongs to. */
  readonly trail: FailureTrail | null;
}

/**
 * What a server asks of a client (R56): the gateway is the client of this request, so that its kind is CLIENT. The server's
 * own context is linked: its span and this one both stand below the call that both belong to.
 */
export function startQuestion(start: QuestionStart, place: QuestionPlace, tracing: Tracing): QuestionObservation {
  const { context, links } = placeOf(start.meta, place.parent);
  const { names, hashOfSession, capture, clock } = tracing;
  const seedName = operationName(start.method);
  const trail = new FailureTrail(place.trail);
  const attributes: Attributes = {
    [ATTR.mcpMethodName]: start.method,
    [ATTR.jsonrpcRequestId]: idOf(start.idText) ?? undefined,
    [ATTR.mcpSessionId]: start.sessionId === null ? undefined : hashOfSession(start.sessionId),
    [ATTR.serverId]: start.serverId ?? place.serverId ?? undefined,
    [ATTR.clientName]: start.clientName ?? undefined,
  };
  const span = startSpan(
    tracing,
    { name: names.operation(start.method, null), kind: SpanKind.CLIENT, attributes, links },
    context,
  );
  capture(span, seedName, 'request', start.messageText);
  return {
    traceContext: contextToSend(span),
    end(outcome, choice = null) {
      if (!span.isRecording()) return;
      if (choice !== null) span.setAttribute(ATTR.elicitationAction, choice);
      if (outcome.kind === 'result' && outcome.count !== undefined)
        span.setAttribute(`${outcome.count.what}.count`, outcome.count.value);
      if ('messageText' in outcome && outcome.messageText !== null)
        capture(span, seedName, 'response', outcome.messageText);
      endSpan(span, outcome, { at: clock.now(), trail });
    },
  };
}

function placeOf(meta: QuestionStart['meta'], parent: Context | null): { context: Context; links: readonly Link[] } {
  if (parent === null) return placeRoot({ meta, headers: {}, continues: null });
  return { context: parent, links: meta === null ? [] : linksTo(meta) };
}

/** A client's notification on its way to one server (R49). */
export function startUpstreamNotification(
  start: UpstreamNotificationStart,
  { parent, trail: above }: Below,
  tracing: Tracing,
): NotificationObservation {
  const trail = new FailureTrail(above);
  const name = tracing.names.notification(start.method);
  const attributes = upstreamCallAttributes({ ...start, target: null, attempt: 1 });
  const span = startSpan(tracing, { name, kind: SpanKind.CLIENT, attributes }, parent);
  return {
    traceContext: contextToSend(span),
    sent(messageText) {
      tracing.capture(span, SPAN_CLIENT_NOTIFY, 'request', messageText);
    },
    end(outcome) {
      endSpan(span, outcome, { at: tracing.clock.now(), trail });
    },
  };
}

/** Enough to see how a call got on, not enough for a chatty server to fill the trace. */
const MAX_NOTIFICATION_EVENTS = 64;

/** What a server tells during a call takes no time, so that it is an event of the call (R57). */
export function toldOn(span: Span): (notification: ServerNotification, at: EpochMillis) => void {
  let count = 0;
  return (notification, at) => {
    if (!span.isRecording()) return;
    count += 1;
    if (count <= MAX_NOTIFICATION_EVENTS) span.addEvent(EVENT_NOTIFICATION, factsOf(notification), hrTime(at));
    else span.setAttribute(ATTR.notificationsDropped, count - MAX_NOTIFICATION_EVENTS);
  };
}

/** Far more than is ever shown: the shown length is cut after redaction, so that no half of a secret is left (R20). */
const MAX_PROGRESS_MESSAGE = 16_384;

function factsOf({ method, params }: ServerNotification): Attributes {
  const facts: Attributes = { [ATTR.mcpMethodName]: method, [ATTR.mcpResourceUri]: textOf(params?.['uri']) };
  if (method === 'notifications/progress')
    return {
      ...facts,
      [ATTR.progress]: numberOf(params?.['progress']),
      [ATTR.progressTotal]: numberOf(params?.['total']),
      [ATTR.progressMessage]: textOf(params?.['message'])?.slice(0, MAX_PROGRESS_MESSAGE),
    };
  if (method === 'notifications/message')
    return { ...facts, [ATTR.logLevel]: textOf(params?.['level']), [ATTR.logLogger]: textOf(params?.['logger']) };
  return facts;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A server may tell of every file it sees change: this many in a while have a span, the rest are counted on the next. */
const MAX_NEWS = 64;
const NEWS_MILLIS = 10_000;

interface NewsCount {
  readonly since: EpochMillis;
  told: number;
}

/** Records what servers tell outside of any call, each as a short root, or below the server's own span when it names one. */
export function createNewsRecorder(): (news: NewsStart, tracing: Tracing) => void {
  const counts = new Map<ServerId, NewsCount>();

  /** How many were left out since the last that was recorded; null when this one is left out too. */
  function admit(serverId: ServerId, now: EpochMillis): number | null {
    const known = counts.get(serverId);
    if (known !== undefined && now - known.since < NEWS_MILLIS) {
      known.told += 1;
      return known.told <= MAX_NEWS ? 0 : null;
    }
    counts.set(serverId, { since: now, told: 1 });
    return Math.max(0, (known?.told ?? 0) - MAX_NEWS);
  }

  return (news, tracing) => {
    tracing.clock.follow();
    const now = tracing.clock.now();
    const leftOut = admit(news.serverId, now);
    if (leftOut === null) return;
    const meta = news.params?.['_meta'];
    const { context, links } = placeRoot({ meta: isRecord(meta) ? meta : null, headers: {}, continues: null });
    const attributes: Attributes = {
      ...factsOf(news),
      [ATTR.serverId]: news.serverId,
      [ATTR.upkeep]: 'news',
      [ATTR.notificationsDropped]: leftOut === 0 ? undefined : leftOut,
    };
    const start = {
      name: tracing.names.operation(news.method, null),
      kind: SpanKind.SERVER,
      attributes,
      links,
      startedAt: now,
    };
    startSpan(tracing, start, context).end(hrTime(tracing.clock.now()));
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function endSpan(span: Span, outcome: CallOutcome, ending: Ending): void {
  setOutcome(span, outcome, 'calling', ending);
  span.end(hrTime(ending.at));
}
