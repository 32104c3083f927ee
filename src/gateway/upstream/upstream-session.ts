import type { ServerId } from '../../shared/domain/ids.ts';
import { SessionExpired, UpstreamFailure } from '../failure.ts';
import { notificationText, resultText } from '../frame/compose.ts';
import { applyEdits, editId, editTraceContext } from '../frame/edit.ts';
import {
  isToolError,
  parseFrame,
  toolErrorText,
  type NotificationFrame,
  type RequestFrame,
  type ResponseFrame,
} from '../frame/frame.ts';
import type { CallOutcome, MessageObservation } from '../observer.ts';
import { createPendingCalls, type PendingCalls } from './pending-calls.ts';
import type { Arrival, Closed, Transport, TransportEvents } from './transport.ts';

/** What a server sends that belongs to no call in flight. */
export interface UpstreamSessionEvents {
  request(frame: RequestFrame): void;
  notification(frame: NotificationFrame): void;
  noise(line: string, from: 'stderr' | 'stdout'): void;
  closed(reason: Closed): void;
}

export interface SendRequestOptions {
  /** On whose behalf: what the server says during the call may go to nobody else (S19). */
  readonly ownerId: string;
  readonly call: MessageObservation;
  readonly signal: AbortSignal;
  /** 0 waits as long as the caller does. */
  readonly timeoutMillis: number;
  /** Source of the token the server will report progress under. */
  readonly progressTokenText: string | null;
  readonly onRelated: (frame: RequestFrame | NotificationFrame) => void;
}

export interface UpstreamSession {
  readonly serverId: ServerId;
  readonly pid: number | null;
  readonly isClosed: boolean;
  /** Sends a request under an id of our own and resolves with its answer; rejects with an UpstreamFailure. */
  request(frame: RequestFrame, options: SendRequestOptions): Promise<ResponseFrame>;
  /** Sends a notification, or an answer to a request of the server's. Losing it is the server's loss only. */
  post(text: string): Promise<void>;
  agreed(protocolVersion: string): void;
  close(): Promise<void>;
}

export interface UpstreamSessionOptions {
  readonly serverId: ServerId;
  readonly transport: Transport;
  readonly events: UpstreamSessionEvents;
}

/** Starts the transport; the handshake is the caller's first request. Rejects with an UpstreamFailure. */
export async function startUpstreamSession(options: UpstreamSessionOptions): Promise<UpstreamSession> {
  const session = new Session(options);
  await options.transport.start(session.transportEvents);
  return session;
}

class Session implements UpstreamSession {
  readonly serverId: ServerId;
  readonly transportEvents: TransportEvents;
  readonly #transport: Transport;
  readonly #events: UpstreamSessionEvents;
  readonly #pending: PendingCalls = createPendingCalls();
  #nextId = 1;
  #closed: Closed | null = null;
  #lastError = '';

  constructor({ serverId, transport, events }: UpstreamSessionOptions) {
    this.serverId = serverId;
    this.#transport = transport;
    this.#events = events;
    this.transportEvents = {
      message: (arrival) => {
        this.#arrived(arrival);
      },
      answerEnded: (idText) => {
        this.#pending.reject(idText, this.#protocolError('ended its answer stream without an answer'));
      },
      noise: (line, from, at) => {
        if (from === 'stderr') this.#lastError = line;
        this.#pending.printed(line, from, at);
        events.noise(line, from);
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

  async request(frame: RequestFrame, options: SendRequestOptions): Promise<ResponseFrame> {
    if (this.#closed !== null) throw new UpstreamFailure(this.#closed.category, this.#closed.message);
    options.signal.throwIfAborted();
    const idText = String(this.#nextId);
    this.#nextId += 1;
    const context = options.call.traceContext;
    const edits = [...editId(frame, idText), ...editTraceContext(frame, context)];
    const text = applyEdits(frame.text, edits);
    const ending = new AbortController();
    const answer = this.#pending.add({ idText, method: frame.method, options });
    const stopWatching = this.#watch(idText, frame.method, options, ending);
    options.call.sent(text, idText);
    this.#transport.send({ text, idText, traceContext: context, signal: ending.signal }).catch((error: unknown) => {
      this.#pending.reject(idText, error);
    });
    try {
      return await answer;
    } catch (error) {
      if (error instanceof SessionExpired) this.#expire(error);
      throw error;
    } finally {
      stopWatching();
    }
  }

  async post(text: string): Promise<void> {
    try {
      await this.#transport.send({ text, idText: null, traceContext: null });
    } catch (error) {
      this.#events.noise(error instanceof Error ? error.message : String(error), 'stderr');
    }
  }

  agreed(protocolVersion: string): void {
    this.#transport.agreed(protocolVersion);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  /** The server has forgotten this session: nobody may use it again. */
  #expire({ category, message }: SessionExpired): void {
    this.#closed ??= { category, message, wasAsked: false };
    void this.close();
  }

  /** Ends the call when its caller leaves or its time is over, and tells the server. */
  #watch(idText: string, method: string, options: SendRequestOptions, ending: AbortController): () => void {
    const give = (failure: UpstreamFailure, reason: string): void => {
      if (!this.#pending.reject(idText, failure)) return;
      // MCP forbids cancelling the handshake.
      const told = method === 'initialize' ? Promise.resolve() : this.post(cancelledText(idText, reason));
      void told.finally(() => {
        ending.abort();
      });
    };
    const onAbort = (): void => {
      give(new UpstreamFailure('cancelled', 'The caller cancelled the call.'), 'The caller cancelled the call.');
    };
    options.signal.addEventListener('abort', onAbort, { once: true });
    const { timeoutMillis } = options;
    const onLate = (): void => {
      const sentence = `Server "${this.serverId}" did not answer ${method} within ${timeoutMillis / 1000} s.`;
      give(new UpstreamFailure('timeout', sentence), 'The call timed out.');
    };
    const timer = timeoutMillis > 0 ? setTimeout(onLate, timeoutMillis) : undefined;
    return () => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
    };
  }

  #arrived(arrival: Arrival): void {
    const parsed = parseFrame(arrival.text);
    if (!parsed.ok) {
      this.#malformed(arrival, parsed.error.message, parsed.error.idText);
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
    if (cause !== null) cause.options.onRelated(frame);
    else if (frame.kind === 'request') this.#events.request(frame);
    else this.#events.notification(frame);
  }

  #answered(frame: ResponseFrame, arrival: Arrival): void {
    const idText = frame.idText === 'null' ? this.#pending.onlyIdText() : frame.idText;
    const call = idText === null ? null : this.#pending.take(idText);
    if (call === null) {
      this.#events.noise(`An answer to an unknown request (id ${frame.idText.slice(0, 40)}) was ignored.`, 'stdout');
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
    this.#events.noise(arrival.text.slice(0, 2_000), 'stdout');
  }

  #ended(reason: Closed): void {
    const words = this.#lastError === '' || reason.wasAsked ? '' : ` Its last words: ${quoted(this.#lastError)}`;
    const closed = { ...reason, message: `${reason.message}${words}` };
    this.#closed = closed;
    this.#pending.rejectAll(() => new UpstreamFailure(closed.category, closed.message));
    this.#events.closed(closed);
  }

  #protocolError(what: string): UpstreamFailure {
    return new UpstreamFailure('mcp_protocol_error', `Server "${this.serverId}" ${what}`.replace(/[^.]$/, '$&.'));
  }
}

/** How the answer of a server counts as the outcome of its call. */
export function outcomeOf(frame: ResponseFrame, messageText: string | null): CallOutcome {
  if (frame.kind === 'error') return { kind: 'error', code: frame.code, message: frame.errorMessage, messageText };
  if (!isToolError(frame)) return { kind: 'result', isToolError: false, messageText };
  return { kind: 'result', isToolError: true, toolErrorText: toolErrorText(frame), messageText };
}

/** How a thrown failure counts as the outcome of its call. */
export function outcomeOfFailure(
  thrown: unknown,
  sanitize: (text: string) => string,
  messageText: string | null,
): CallOutcome {
  if (thrown instanceof UpstreamFailure) {
    if (thrown.category === 'cancelled') return { kind: 'cancelled' };
    return { kind: 'failed', category: thrown.category, message: sanitize(thrown.message), messageText };
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') return { kind: 'cancelled' };
  return {
    kind: 'failed',
    category: 'unknown',
    message: 'The gateway failed while it handled this call.',
    messageText,
  };
}

function cancelledText(idText: string, reason: string): string {
  return notificationText('notifications/cancelled', { requestId: Number(idText), reason });
}

function quoted(line: string): string {
  const short = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  return `"${short}"`;
}
