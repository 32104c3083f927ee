import type { ServerId } from '../../shared/domain/ids.ts';
import type { Clock, EpochMillis } from '../clock.ts';
import { lackingEnvelope } from '../era/envelope.ts';
import { requestHeaders } from '../era/request-headers.ts';
import { SessionExpired, UpstreamFailure } from '../failure.ts';
import { notificationText, resultText } from '../frame/compose.ts';
import { applyEdits, editId, editTraceContext } from '../frame/edit.ts';
import {
  messageTextsOf,
  parseFrame,
  type NotificationFrame,
  type RequestFrame,
  type ResponseFrame,
} from '../frame/frame.ts';
import type { MessageObservation, NotificationObservation, TraceContext } from '../observer.ts';
import { asNotification } from './handshake.ts';
import { createPendingCalls, type PendingCalls } from './pending-calls.ts';
import type { Arrival, Closed, Departure, Transport, TransportEvents } from './transport.ts';

/** What a message carries beside its trace context. */
export interface Carried {
  /** Header value of W3C Baggage, where the user has some handed on. */
  readonly baggage?: string | null | undefined;
}

/** What a server sends that belongs to no call in flight. */
export interface UpstreamSessionEvents {
  request(frame: RequestFrame): void;
  notification(frame: NotificationFrame): void;
  noise(line: string, from: 'stderr' | 'stdout', at: EpochMillis): void;
  closed(reason: Closed): void;
}

export interface SendRequestOptions extends Carried {
  /** On whose behalf: what the server says during the call may go to nobody else (S19). */
  readonly ownerId: string;
  /** What this client opens sessions with: a server of the stateless era is told of it with every request. */
  readonly initialize: RequestFrame;
  /** A server of the stateless era is told with every request which log messages are wanted; null for none. */
  readonly logLevel?: string | null;
  /** It stands as long as the session does: nobody waits for its answer, and it keeps nothing busy. */
  readonly isStanding?: boolean;
  /** More of what the stateless era repeats in headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly call: MessageObservation;
  readonly signal: AbortSignal;
  /** 0 waits as long as the caller does. */
  readonly timeoutMillis: number;
  /** Source of the token the server will report progress under. */
  readonly progressTokenText: string | null;
  readonly onRelated: (frame: RequestFrame | NotificationFrame) => void;
  /** The server began an event stream for its answer, so whoever waits may be told that it takes its time. */
  readonly onStreaming?: (() => void) | undefined;
}

/** A notification on its way: what it is to carry, and who hears how it reads there. */
export type Notified = Pick<NotificationObservation, 'traceContext' | 'sent'> & Carried;

export interface UpstreamSession {
  readonly serverId: ServerId;
  readonly pid: number | null;
  readonly isClosed: boolean;
  /** Requests that have no answer yet and whose callers wait for one. */
  readonly pendingCount: number;
  /** When the newest message from the server came; 0 before the first. */
  readonly lastHeardAt: EpochMillis;
  /** Starts the transport in the name of a span. Rejects with an UpstreamFailure. */
  start(traceContext: TraceContext | null): Promise<void>;
  /** Sends a request under an id of our own and resolves with its answer; rejects with an UpstreamFailure. */
  request(frame: RequestFrame, options: SendRequestOptions): Promise<ResponseFrame>;
  /** Sends a notification, or an answer to a request of the server's. Losing it is the server's loss only. */
  post(text: string): Promise<void>;
  /**
   * Sends a notification with a trace context in place of any that it has (R49). Resolves with null when the server has
   * it, else with why it has not.
   */
  notify(frame: NotificationFrame, notification: Notified): Promise<unknown>;
  agreed(protocolVersion: string): void;
  /**
   * Speaks in the stateless era from now on: what a request does not say of its client itself is taken from the client's
   * `initialize`, and its headers repeat it (MCP 2026-07-28). Null takes that back, where the server is not of it.
   */
  speakModern(protocolVersion: string | null): void;
  /** Ends the session for a reason of the gateway's own: its calls fail with it, and `closed` tells it as unasked. */
  fail(reason: Omit<Closed, 'wasAsked'>): void;
  /** Lets calls under way end first. Resolves like `close`. */
  closeWhenUnused(): Promise<void>;
  /** Resolves when nothing of the session is left. Idempotent. */
  close(): Promise<void>;
}

export interface UpstreamSessionOptions {
  readonly serverId: ServerId;
  readonly transport: Transport;
  readonly events: UpstreamSessionEvents;
  readonly clock: Clock;
  /** False keeps the trace context to ourselves: neither headers nor `_meta` carry it (R68). */
  readonly sendsTraceContext: boolean;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** The handshake is the caller's first request, after `start`. */
export function createUpstreamSession(options: UpstreamSessionOptions): UpstreamSession {
  return new Session(options);
}

/** A request that nobody waits for any more. */
interface Abandoned {
  readonly method: string;
  readonly options: SendRequestOptions;
}

class Session implements UpstreamSession {
  readonly serverId: ServerId;
  readonly #transport: Transport;
  readonly #events: UpstreamSessionEvents;
  readonly #clock: Clock;
  readonly #sendsTraceContext: boolean;
  readonly #pending: PendingCalls = createPendingCalls();
  #nextId = 1;
  #modernVersion: string | null = null;
  #closed: Closed | null = null;
  #unused: PromiseWithResolvers<void> | null = null;
  #lastHeardAt: EpochMillis = 0;
  #lastError = '';

  constructor({ serverId, transport, events, clock, sendsTraceContext }: UpstreamSessionOptions) {
    this.serverId = serverId;
    this.#transport = transport;
    this.#events = events;
    this.#clock = clock;
    this.#sendsTraceContext = sendsTraceContext;
  }

  start(traceContext: TraceContext | null): Promise<void> {
    return this.#transport.start(this.#transportEvents(), this.#sendsTraceContext ? traceContext : null);
  }

  #transportEvents(): TransportEvents {
    return {
      message: (arrival) => {
        this.#arrived(arrival);
      },
      failed: (idText, failure) => {
        if (failure instanceof SessionExpired) this.#retire(failure);
        this.#pending.reject(idText, failure);
      },
      isAwaited: (idText) => this.#pending.has(idText),
      streaming: (idText) => {
        this.#pending.get(idText)?.options.onStreaming?.();
      },
      noise: (line, from, at) => {
        if (from === 'stderr') this.#lastError = line;
        this.#pending.printed(line, from, at);
        this.#events.noise(line, from, at);
      },
      closed: (reason) => {
        this.#ended(reason);
      },
    };
  }

  get pid(): number | null {
    return this.#transport.pid;
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  get lastHeardAt(): EpochMillis {
    return this.#lastHeardAt;
  }

  request(frame: RequestFrame, options: SendRequestOptions): Promise<ResponseFrame> {
    if (this.#closed !== null) return Promise.reject(new UpstreamFailure(this.#closed.category, this.#closed.message));
    if (options.signal.aborted) return Promise.reject(cancelledByCaller());
    const idText = String(this.#nextId);
    this.#nextId += 1;
    const traceContext = this.#sendsTraceContext ? options.call.traceContext : null;
    const baggage = this.#sendsTraceContext ? (options.baggage ?? null) : null;
    const version = this.#modernVersion;
    const { initialize, logLevel = null } = options;
    const envelope = version === null ? '' : lackingEnvelope(frame, { initialize, protocolVersion: version, logLevel });
    const edits = [...editId(frame, idText), ...editTraceContext(frame, traceContext, { baggage, others: envelope })];
    const text = applyEdits(frame.text, edits);
    const release = this.#watch(idText, frame.method, options);
    const answer = this.#pending.add({ idText, method: frame.method, options, release });
    options.call.sent(text, idText);
    const repeated = version === null ? NO_HEADERS : { ...requestHeaders(frame, null), ...options.headers };
    this.#transport.request({ text, idText, traceContext, headers: withBaggage(repeated, baggage) });
    return answer;
  }

  async post(text: string): Promise<void> {
    await this.#deliver(text, null, NO_HEADERS);
  }

  notify(frame: NotificationFrame, notification: Notified): Promise<unknown> {
    const traceContext = this.#sendsTraceContext ? notification.traceContext : null;
    const baggage = this.#sendsTraceContext ? (notification.baggage ?? null) : null;
    const text = applyEdits(frame.text, editTraceContext(frame, traceContext, { baggage }));
    notification.sent(text);
    return this.#deliver(text, traceContext, withBaggage(NO_HEADERS, baggage));
  }

  /** Resolves with why it could not be delivered; null when it was. */
  async #deliver(text: string, context: TraceContext | null, headers: Departure['headers']): Promise<unknown> {
    try {
      await this.#transport.post(text, context, headers);
      return null;
    } catch (error) {
      if (error instanceof SessionExpired) this.#retire(error);
      this.#events.noise(error instanceof Error ? error.message : String(error), 'stderr', this.#clock.now());
      return error;
    }
  }

  agreed(protocolVersion: string): void {
    this.#transport.agreed(protocolVersion);
  }

  speakModern(protocolVersion: string | null): void {
    this.#modernVersion = protocolVersion;
    if (protocolVersion !== null) this.#transport.agreed(protocolVersion);
  }

  fail(reason: Omit<Closed, 'wasAsked'>): void {
    this.#ended({ ...reason, wasAsked: false });
    void this.close();
  }

  async closeWhenUnused(): Promise<void> {
    if (this.#pending.size > 0) {
      this.#unused ??= Promise.withResolvers();
      await this.#unused.promise;
    }
    await this.close();
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Nobody may use this session again; it is closed when the last of its calls is over. */
  #retire({ category, message }: SessionExpired): void {
    if (this.#closed !== null) return;
    this.#closed = { category, message, wasAsked: false };
    this.#events.closed(this.#closed);
    void this.closeWhenUnused();
  }

  /** Ends the call when its caller leaves or its time is over, and tells the server. */
  #watch(idText: string, method: string, options: SendRequestOptions): () => void {
    const { signal, timeoutMillis } = options;
    const onAbort = (): void => {
      this.#giveUp(idText, { method, options }, cancelledByCaller(), 'The caller cancelled the call.');
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const timer =
      timeoutMillis > 0
        ? setTimeout(() => {
            const sentence = `Server "${this.serverId}" did not answer ${method} within ${timeoutMillis / 1000} s.`;
            this.#giveUp(idText, { method, options }, new UpstreamFailure('timeout', sentence), 'The call timed out.');
          }, timeoutMillis)
        : undefined;
    return () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (this.#pending.size === 0) this.#unused?.resolve();
    };
  }

  #giveUp(idText: string, { method, options }: Abandoned, failure: UpstreamFailure, reason: string): void {
    if (!this.#pending.reject(idText, failure)) return;
    // MCP forbids cancelling the handshake, and nothing else may come before it.
    const told =
      method === 'initialize' || method === 'server/discover'
        ? Promise.resolve()
        : this.notify(cancelled(idText, reason), { traceContext: options.call.traceContext, sent: () => undefined });
    void told.finally(() => {
      this.#transport.abandon(idText);
    });
  }

  #arrived(arrival: Arrival, isOfBatch = false): void {
    this.#lastHeardAt = arrival.firstByteAt;
    const parsed = parseFrame(arrival.text);
    if (!parsed.ok) {
      const batch = messageTextsOf(arrival.text);
      // A batch in a batch is nothing that JSON-RPC knows.
      if (batch === null || batch.length === 0 || isOfBatch)
        this.#malformed(arrival, parsed.error.message, parsed.error.idText);
      else for (const text of batch) this.#arrived({ ...arrival, text }, true);
      return;
    }
    const frame = parsed.value;
    switch (frame.kind) {
      case 'request':
        if (frame.method === 'ping') void this.post(resultText(frame.idText, {}));
        else this.#unasked(frame, arrival.relatedIdText);
        return;
      case 'notification':
        this.#unasked(frame, arrival.relatedIdText);
        return;
      case 'result':
      case 'error':
        this.#answered(frame, arrival);
    }
  }

  #unasked(frame: RequestFrame | NotificationFrame, relatedIdText: string | null): void {
    const cause = this.#pending.causeOf(frame, relatedIdText);
    if (cause !== null) {
      if (frame.kind === 'notification') cause.options.call.told(frame, this.#lastHeardAt);
      cause.options.onRelated(frame);
    } else if (frame.kind === 'request') this.#events.request(frame);
    else this.#events.notification(frame);
  }

  #answered(frame: ResponseFrame, arrival: Arrival): void {
    const idText = frame.idText === 'null' ? this.#pending.onlyIdText() : frame.idText;
    const call = idText === null ? null : this.#pending.take(idText);
    if (call === null) {
      const sentence = `An answer to an unknown request (id ${frame.idText.slice(0, 40)}) was ignored.`;
      this.#events.noise(sentence, 'stdout', arrival.firstByteAt);
      return;
    }
    call.options.call.received(arrival.text, arrival.firstByteAt);
    call.resolve(frame);
  }

  /** Not every JSON line on stdout is meant for us: what does not claim to be JSON-RPC is a log line. */
  #malformed(arrival: Arrival, why: string, idText: string | null): void {
    const claims = arrival.text.includes('"jsonrpc"') || arrival.relatedIdText !== null || idText !== null;
    const culprit = idText ?? arrival.relatedIdText ?? this.#pending.onlyIdText();
    const failure = this.#protocolError(`sent a malformed message: ${why}`);
    if (claims && culprit !== null && this.#pending.reject(culprit, failure)) return;
    this.#events.noise(arrival.text.slice(0, 2_000), 'stdout', arrival.firstByteAt);
  }

  /** The first reason stands: what closing the transport says afterwards is but its echo. */
  #ended(reason: Closed): void {
    if (this.#closed !== null) {
      const { category, message } = this.#closed;
      this.#pending.rejectAll(() => new UpstreamFailure(category, message));
      return;
    }
    const words = this.#lastError === '' || reason.wasAsked ? '' : ` Its last words: ${quoted(this.#lastError)}.`;
    const closed = { ...reason, message: `${reason.message}${words}` };
    this.#closed = closed;
    this.#pending.rejectAll(() => new UpstreamFailure(closed.category, closed.message));
    this.#events.closed(closed);
  }

  #protocolError(what: string): UpstreamFailure {
    return new UpstreamFailure('mcp_protocol_error', `Server "${this.serverId}" ${what}`.replace(/[^.]$/, '$&.'));
  }
}

function cancelledByCaller(): UpstreamFailure {
  return new UpstreamFailure('cancelled', 'The caller cancelled the call.');
}

function cancelled(idText: string, reason: string): NotificationFrame {
  return asNotification(notificationText('notifications/cancelled', { requestId: Number(idText), reason }));
}

function withBaggage(headers: Departure['headers'], baggage: string | null): Departure['headers'] {
  return baggage === null ? headers : { ...headers, baggage };
}

function quoted(line: string): string {
  const short = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  return `"${short}"`;
}
