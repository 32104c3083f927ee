import type { ServerId } from '../shared/domain/ids.ts';
import type { ServerTransport } from '../shared/domain/server.ts';
import type { EpochMillis } from './clock.ts';
import type { FailureCategory } from './failure.ts';

/**
 * How the gateway tells what it does. It announces in order and asks for one thing back: the trace context that a
 * message to a server must carry. An observer never throws, never waits and never changes a message.
 */
export interface Observer {
  /** A message arrived at a traced door. Every exchange that begins ends. */
  exchange(start: ExchangeStart): ExchangeObservation;
  /** The gateway turns to a server on its own account, outside any call: to connect, or to read its lists again. */
  upkeep(start: UpkeepStart): OperationObservation;
  /** A client opened an event stream, which may stay for hours: a short record now, and another at its end (R37). */
  stream(start: StreamStart): StreamObservation;
  /** A server asks a client something while it has no call of that client's. */
  question(start: QuestionStart): QuestionObservation;
  /** A server told something that belongs to no call. */
  news(start: NewsStart): void;
}

export interface UpkeepStart {
  readonly serverId: ServerId;
  readonly reason: 'connect' | 'refresh' | 'restart' | 'health';
}

export interface StreamStart extends ExchangeStart {
  readonly sessionId: string;
  /** The stream goes on after the event with this id (`Last-Event-ID`). */
  readonly resumedFrom: string | null;
}

export interface StreamObservation {
  readonly correlationId: string;
  /** How many messages went over it. */
  closed(messages: number): void;
}

/** What came in over HTTP. Header values are as they were sent. */
export interface ExchangeStart {
  readonly receivedAt: EpochMillis;
  readonly method: string;
  /** Template without ids, for example `/servers/{id}/mcp` (R5). */
  readonly route: string;
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly serverPort: number | null;
  /** Who sent it: looked at only where addresses are recorded (R23). */
  readonly peer?: Peer;
  /** `params._meta` of the message: its trace context is the parent before the header's (R62). */
  readonly meta: Readonly<Record<string, unknown>> | null;
  /** Of the operation that this message goes on with: its parent when the message names none, else linked (MRTR). */
  readonly continues?: TraceContext | null;
}

/** The other end of a connection, as a socket knows it. */
export interface Peer {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

export interface ExchangeObservation {
  readonly correlationId: string;
  operation(start: OperationStart): OperationObservation;
  end(outcome: ExchangeOutcome): void;
}

export type ExchangeOutcome =
  | { readonly kind: 'answered'; readonly statusCode: number; readonly answer?: CallOutcome | undefined }
  /** The caller went away before it had its answer. */
  | { readonly kind: 'disconnected' };

export interface OperationStart {
  readonly method: string;
  /** Source of the JSON-RPC id; null for notifications. */
  readonly requestIdText: string | null;
  readonly params: Readonly<Record<string, unknown>> | null;
  /** The message as it came. */
  readonly messageText: string;
  /** Tool or prompt name as the client gave it, or resource URI. */
  readonly target: string | null;
  readonly serverId: ServerId | null;
  /** The virtual server at whose address it came in. */
  readonly virtualServerId?: string | null;
  readonly sessionId: string | null;
  readonly protocolVersion: string | null;
  readonly clientName: string | null;
  /** In a batch, the entry's own `_meta`: its trace context is linked, since the root belongs to them all (R62). */
  readonly linkedMeta: Readonly<Record<string, unknown>> | null;
  /** What of the caller's baggage the user has handed on; none when it is left out. */
  readonly baggage?: Baggage | undefined;
  /** Somebody else is going to make the call: it is only prepared here. */
  readonly isPlan?: boolean;
}

/** Decoded entries of a `baggage` (W3C Baggage), each key once. */
export type Baggage = readonly BaggageEntry[];

export interface BaggageEntry {
  readonly key: string;
  readonly value: string;
}

export interface OperationObservation {
  /** Under which later messages of the same operation belong; null when nothing says where. */
  readonly traceContext: TraceContext | null;
  /** What the client was asked must be answered before the operation goes on; people take their time. */
  waits(methods: readonly string[]): InputWait;
  /** A server's question to which nobody's answer is waited for, since the client cannot be asked. */
  question(start: QuestionStart): QuestionObservation;
  /** The operation turned out to concern this server and, where names are prefixed, this name of the server's own. */
  routed(serverId: ServerId, target: string | null): void;
  /** The client's `initialize` was answered: this revision is spoken with it from now on. */
  agreed(protocolVersion: string): void;
  upstreamCall(start: UpstreamCallStart): UpstreamCallObservation;
  /** The client's notification goes on to a server. */
  upstreamNotification(start: UpstreamNotificationStart): NotificationObservation;
  end(outcome: CallOutcome): void;
}

/** The time in which a client, or who sits before it, answers what it was asked. */
export interface InputWait {
  /** One of the things that it was asked. */
  question(start: QuestionStart): QuestionObservation;
  /** Idempotent. */
  end(how: 'answered' | 'cancelled'): void;
}

/** What a server asks of a client: `sampling/createMessage`, `elicitation/create`, `roots/list` or a method of its own. */
export interface QuestionStart {
  readonly method: string;
  /** Source of the JSON-RPC id under which the client gets it; null when it gets it within an answer, or not at all. */
  readonly idText: string | null;
  /** `params._meta` as the server sent it: a trace context in it is the server's own. */
  readonly meta: Readonly<Record<string, unknown>> | null;
  /** As the server sent it. */
  readonly messageText: string;
  /** Null: the one that the operation concerns. */
  readonly serverId: ServerId | null;
  readonly sessionId: string | null;
  readonly clientName: string | null;
}

export interface QuestionObservation {
  /** What the question must carry to the client: this span, never the server's; null while nothing is recorded. */
  readonly traceContext: TraceContext | null;
  /** Idempotent. `choice`: what the user did with an `elicitation/create`. */
  end(outcome: CallOutcome, choice?: ElicitationChoice | null): void;
}

export type ElicitationChoice = 'accept' | 'decline' | 'cancel';

/** A notification that a server sent. */
export interface ServerNotification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>> | null;
}

export interface NewsStart extends ServerNotification {
  readonly serverId: ServerId;
}

export interface UpstreamCallStart {
  readonly serverId: ServerId;
  readonly method: string;
  readonly target: string | null;
  readonly transport: ServerTransport;
  /** Of an HTTP server; without userinfo and query. */
  readonly address: ServerAddress | null;
  /** 1 for the first attempt (R51). */
  readonly attempt: number;
  /** The message is not sent from here. */
  readonly isPlan?: boolean;
}

export type UpstreamNotificationStart = Pick<UpstreamCallStart, 'serverId' | 'method' | 'transport' | 'address'>;

export interface NotificationObservation {
  /** What the notification must carry upstream, as for MessageObservation. */
  readonly traceContext: TraceContext | null;
  /** The notification is on its way, as it reads there. */
  sent(messageText: string): void;
  end(outcome: CallOutcome): void;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** All of it in one, with the scheme. */
  readonly url: string;
}

/** The trace context of one message (W3C Trace Context level 2 header values). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate: string | null;
}

/** One message to a server and its answer. */
export interface MessageObservation {
  /**
   * What the message must carry upstream in place of anything the caller wrote there: this span (R58, R61). While nothing is
   * recorded there is none: then the caller's own context, read and written anew, or null where it sent none.
   */
  readonly traceContext: TraceContext | null;
  /** The message is on its way. `idText` is the id it bears upstream. */
  sent(messageText: string, idText: string): void;
  /** The answer's first byte came, and the whole of it is here now. */
  received(messageText: string, firstByteAt: EpochMillis): void;
  /** The server printed a line while it had this message; not yet redacted. Which message it is about cannot be known. */
  printed(line: string, from: 'stderr' | 'stdout', at: EpochMillis): void;
  /** The server sent this notification about the message, or while it had no other to speak of. */
  told(notification: ServerNotification, at: EpochMillis): void;
}

export interface UpstreamCallObservation extends MessageObservation {
  /** True when a session was already open (R44). */
  sessionReused(reused: boolean): void;
  /** There is a session: this revision is spoken with the server. */
  agreed(protocolVersion: string): void;
  /** A session is opened for this call, and this is the first that is said in it. */
  opening(method: OpeningMethod): OpeningObservation;
  end(outcome: CallOutcome): void;
}

/** `server/discover` asks a server for its era, and opens where it is the stateless one. */
export type OpeningMethod = 'initialize' | 'server/discover';

export interface OpeningObservation extends MessageObservation {
  end(outcome: CallOutcome, protocolVersion: string | null): void;
}

/** How a call ended. Failures are ours or the network's; errors are the server's JSON-RPC errors. */
export type CallOutcome =
  | {
      readonly kind: 'result';
      readonly isToolError: boolean;
      /** What the tool said about its failure, not yet redacted. */
      readonly toolErrorText?: string | null;
      readonly messageText: string | null;
      readonly count?: ResultCount | undefined;
    }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly messageText: string | null }
  | {
      readonly kind: 'failed';
      readonly category: FailureCategory;
      /** The JSON-RPC code under which the caller was told, when it was. */
      readonly code?: number;
      readonly message: string;
      readonly messageText: string | null;
      /** What was thrown at the bottom of it, not yet redacted. */
      readonly cause?: ThrownCause;
    }
  | { readonly kind: 'cancelled' }
  /** A notification was passed on; nothing comes back. */
  | { readonly kind: 'accepted' };

/** The innermost error: a system's code such as `ECONNREFUSED` or else the error's name, and what it says (R48). */
export interface ThrownCause {
  readonly type: string;
  readonly message: string;
}

/** How many items a result has, for example `{ what: 'tool', value: 14 }` (R51). */
export interface ResultCount {
  readonly what: 'tool' | 'prompt' | 'resource' | 'resource_template' | 'root' | 'messages' | 'content';
  readonly value: number;
}
