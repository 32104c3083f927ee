import { context, SpanKind, trace, type Context, type Span, type Tracer } from '@opentelemetry/api';
import { httpDelivery } from './delivery.ts';
import { asAnswer, asNotification, asRequest, textOf, type Fields } from './messages.ts';
import { deliveryAttributes, messageAttributes, spanName } from './naming.ts';
import { setAnswered, setCancelled, setFailed } from './outcome.ts';
import { placeMessage } from './placement.ts';
import { ATTR } from './semconv.ts';

/** The spans of one connection of a server. */
export interface ConnectionSpans {
  /** Hands a message over with its span as the active one. What `deliver` throws is thrown on. */
  received(message: unknown, delivery: Delivery, deliver: () => void): void;
  /** Ends the span of the request that this message answers; other messages are passed over. */
  sent(message: unknown): void;
  /** Ends what was not answered. */
  closed(): void;
}

export interface Delivery {
  /** What the SDK says beside the message. */
  readonly extra: unknown;
  readonly sessionId: string | null;
}

interface Begun {
  readonly span: Span;
  readonly inside: Context;
  /** Null for a notification. */
  readonly requestId: RequestId | null;
}

type RequestId = string | number;

/** What may be under way on one connection; requests beyond it are served without a span. */
const MOST_OPEN = 10_000;

export function createConnectionSpans(tracer: Tracer): ConnectionSpans {
  return new TracedConnection(tracer);
}

class TracedConnection implements ConnectionSpans {
  readonly #tracer: Tracer;
  readonly #open = new Map<RequestId, Span>();
  /** Messages that are being handed over, so that one that passes two wrapped callbacks has one span. */
  readonly #passing = new WeakSet();
  #protocolVersion: string | null = null;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  received(message: unknown, delivery: Delivery, deliver: () => void): void {
    const begun = this.#begin(message, delivery);
    if (begun === null || typeof message !== 'object' || message === null) {
      deliver();
      return;
    }
    const { span, inside, requestId } = begun;
    this.#passing.add(message);
    try {
      context.with(inside, deliver);
      // Nobody answers a notification, so all that is known of it is that it was handed over.
      if (requestId === null) span.end();
    } catch (thrown) {
      setFailed(span, thrown);
      this.#end(requestId, span);
      throw thrown;
    } finally {
      this.#passing.delete(message);
    }
  }

  sent(message: unknown): void {
    const answer = asAnswer(message);
    const span = answer === null ? undefined : this.#open.get(answer.id);
    if (answer === null || span === undefined) return;
    // The answer to `initialize` says what the rest of the connection speaks.
    const agreed = textOf(answer.result?.['protocolVersion']);
    if (agreed !== null) {
      this.#protocolVersion = agreed;
      span.setAttribute(ATTR.mcpProtocolVersion, agreed);
    }
    setAnswered(span, answer);
    this.#end(answer.id, span);
  }

  closed(): void {
    for (const id of [...this.#open.keys()]) this.#cancel(id);
  }

  /** The span of a message; null for one that has none. */
  #begin(message: unknown, delivery: Delivery): Begun | null {
    if (typeof message !== 'object' || message === null || this.#passing.has(message)) return null;
    try {
      return this.#beginRequest(message, delivery) ?? this.#beginNotification(message, delivery);
    } catch {
      // A provider that somebody else registered may throw. Tracing is no reason to refuse a message, and there is
      // nowhere to tell of it.
      return null;
    }
  }

  #beginRequest(message: object, delivery: Delivery): Begun | null {
    const request = asRequest(message);
    if (request === null || this.#open.has(request.id) || this.#open.size >= MOST_OPEN) return null;
    const begun = this.#start(request.method, request.params, delivery);
    begun.span.setAttribute(ATTR.jsonrpcRequestId, String(request.id));
    this.#open.set(request.id, begun.span);
    return { ...begun, requestId: request.id };
  }

  #beginNotification(message: object, delivery: Delivery): Begun | null {
    const notification = asNotification(message);
    if (notification === null) return null;
    if (notification.method === 'notifications/cancelled') this.#cancel(notification.params['requestId']);
    return { ...this.#start(notification.method, notification.params, delivery), requestId: null };
  }

  #start(method: string, params: Fields, { extra, sessionId }: Delivery): Omit<Begun, 'requestId'> {
    const http = httpDelivery(extra);
    const { parent, links } = placeMessage(params, http);
    const attributes = {
      ...(this.#protocolVersion === null ? {} : { [ATTR.mcpProtocolVersion]: this.#protocolVersion }),
      ...deliveryAttributes(http, sessionId),
      ...messageAttributes(method, params),
    };
    const start = { kind: SpanKind.SERVER, attributes, links: [...links] };
    const span = this.#tracer.startSpan(spanName(method, params), start, parent);
    return { span, inside: trace.setSpan(parent, span) };
  }

  #cancel(requestId: unknown): void {
    if (typeof requestId !== 'string' && typeof requestId !== 'number') return;
    const span = this.#open.get(requestId);
    if (span === undefined) return;
    setCancelled(span);
    this.#end(requestId, span);
  }

  #end(requestId: RequestId | null, span: Span): void {
    if (requestId !== null) this.#open.delete(requestId);
    span.end();
  }
}
