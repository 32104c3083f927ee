import { randomUUID } from 'node:crypto';
import type { ServerId } from '../../shared/domain/ids.ts';
import { applyEdits } from '../frame/edit.ts';
import { isObject, type NotificationFrame, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import { memberNamed, membersAt } from '../frame/json-scan.ts';
import { refuseQuestion, type Asked, type Questioner, type QuestionWatch } from '../upstream/question.ts';
import type { SessionOwner } from '../upstream/session-pool.ts';
import type { UpstreamSession } from '../upstream/upstream-session.ts';
import type { AskableStream, MessageStream } from './message-stream.ts';
import { OpenQuestions, type Asking, type OpenQuestion } from './open-questions.ts';
import { RunningCall } from './running-call.ts';
import type { SessionStreams } from './session-streams.ts';
import { UnaskedQuestions } from './unasked-questions.ts';

/** What a client sees: every server under prefixed names, a named part of them, or one server as it is. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'virtual'; readonly id: ServerId }
  | { readonly kind: 'server'; readonly serverId: ServerId };

/** Where what a server says during a call goes, and the call's operation. */
export interface CallContext extends QuestionContext {
  readonly stream: MessageStream;
}

/** Where a question goes, and what it belongs to. */
export interface QuestionContext {
  readonly stream: MessageStream | null;
  readonly operation: Asking | null;
}

const OUTSIDE_OF_CALLS: QuestionContext = { stream: null, operation: null };

const NOT_LISTENING = 'The client is not listening for requests.';
const MAX_WAITING_MESSAGES = 100;

/**
 * How a client is known: `header` by its `Mcp-Session-Id`; `stream` by the event stream it holds open, with which it
 * ends; `nobody` stands for all who call without a session, know nothing of each other's ids and hear no news;
 * `stateless` for requests of the stateless era that say the same of their client.
 */
export type ClientKind = 'header' | 'stream' | 'nobody' | 'stateless';

export interface ClientSessionOptions {
  readonly kind: ClientKind;
  readonly scope: Scope;
  readonly initialize: RequestFrame;
  readonly now: number;
  readonly openStreams: () => SessionStreams;
  /** Told of what servers ask outside of calls. */
  readonly watch: QuestionWatch;
  readonly id?: string;
  /** Where it is known without a handshake. */
  readonly protocolVersion?: string;
}

/** One client between its `initialize` and its end. Owns its sessions with servers; shares none of them (S19). */
export class ClientSession implements SessionOwner {
  readonly id: string;
  readonly kind: ClientKind;
  readonly scope: Scope;
  readonly initialize: RequestFrame;
  readonly clientName: string | null;
  /** By the source of their ids. */
  readonly calls = new Map<string, RunningCall>();
  protocolVersion: string | null;
  lastUsedAt: number;
  /** Its client has shown since `initialize` that it knows of it. */
  hasBeenUsed = false;
  /** The least severe log message that servers were last told to send, for clients that say so with each request. */
  logLevel: string | null = null;
  /** Calls during which the client can be asked something; oldest first. For the stateless era. */
  readonly askable = new Set<AskableStream>();
  /** Streams of news of the stateless era, of which a client may have several. */
  readonly listeners = new Set<MessageStream>();
  readonly #openStreams: () => SessionStreams;
  readonly #watch: QuestionWatch;
  readonly #asked: Asked;
  readonly #questions: OpenQuestions;
  readonly #unasked = new UnaskedQuestions();
  readonly #waiting: string[] = [];
  #news: MessageStream | null = null;
  #streams: SessionStreams | null = null;
  #nextCall = 1;

  constructor(options: ClientSessionOptions) {
    const { kind, scope, initialize, now, openStreams, watch, id = randomUUID(), protocolVersion = null } = options;
    this.protocolVersion = protocolVersion;
    this.id = id;
    this.kind = kind;
    this.scope = scope;
    this.initialize = initialize;
    this.lastUsedAt = now;
    this.#openStreams = openStreams;
    const info = initialize.params?.['clientInfo'];
    this.clientName = isObject(info) && typeof info['name'] === 'string' ? info['name'] : null;
    this.#watch = watch;
    this.#asked = { sessionId: kind === 'stateless' ? null : id, clientName: this.clientName };
    this.#questions = new OpenQuestions(watch, this.#asked);
  }

  /** All who call without a session of their own and share one with each server. */
  get isShared(): boolean {
    return this.kind === 'nobody' || this.kind === 'stateless';
  }

  get isListening(): boolean {
    return this.#news?.isOpen === true || this.listeners.size > 0;
  }

  /** The streams the client can come back to. */
  get streams(): SessionStreams {
    this.#streams ??= this.#openStreams();
    return this.#streams;
  }

  /** Enters a request as being handled; null when another of this id is. Callers without a session may all use one id. */
  begin(idText: string): RunningCall | null {
    const key = this.isShared ? `call ${this.#nextCall}` : idText;
    if (this.calls.has(key)) return null;
    this.#nextCall += 1;
    const call = new RunningCall(key);
    this.calls.set(key, call);
    return call;
  }

  finish(call: RunningCall): void {
    call.over();
    this.calls.delete(call.key);
  }

  /** Takes the stream a client opened for news, in place of an earlier one, and sends what waited for it. */
  listen(stream: MessageStream): void {
    this.#news = stream;
    for (const text of this.#waiting.splice(0)) stream.send(text);
    this.#unasked.askAll();
  }

  /** Sends news, or keeps the newest of it for a client that has not listened yet. */
  tell(text: string): void {
    if (this.isShared) {
      for (const listener of this.listeners) listener.send(text);
      return;
    }
    if (this.#news !== null) {
      this.#news.send(text);
      return;
    }
    this.#waiting.push(text);
    if (this.#waiting.length > MAX_WAITING_MESSAGES) this.#waiting.shift();
  }

  request(frame: RequestFrame, session: UpstreamSession): void {
    this.ask(frame, session, OUTSIDE_OF_CALLS);
  }

  notification(frame: NotificationFrame, session: UpstreamSession): void {
    this.tell(this.#toClient(frame, session));
  }

  closed(): void {
    this.#questions.withdrawClosed();
  }

  /** Passes on what a server sends during a call, on the call's own stream. */
  relate(frame: RequestFrame | NotificationFrame, session: UpstreamSession, context: CallContext): void {
    if (frame.kind === 'request') this.ask(frame, session, context);
    else context.stream.send(this.#toClient(frame, session));
  }

  /** Puts a server's request to the client under an id of our own. */
  ask(frame: RequestFrame, session: Questioner, { stream, operation }: QuestionContext): void {
    if (this.kind === 'stateless' && this.#askDuringCall(frame, session, stream)) return;
    const target = stream?.isOpen === true ? stream : this.#news;
    if (target?.isOpen === true && this.kind !== 'stateless') {
      target.send(this.#questions.add(frame, session, operation));
      return;
    }
    const refuse = (): void => {
      refuseQuestion(frame, session, operation ?? this.#watch, NOT_LISTENING, this.#asked);
    };
    if (this.kind !== 'header' || this.#news !== null) refuse();
    else this.#unasked.add({ ask: () => this.ask(frame, session, { stream, operation }), refuse });
  }

  /** Of several calls, the newest is the likeliest to be meant, when the server does not say. */
  #askDuringCall(frame: RequestFrame, session: Questioner, stream: MessageStream | null): boolean {
    const calls = [...this.askable];
    const asked = calls.find((call) => call === stream) ?? calls.at(-1);
    return asked?.ask(frame, session) === true;
  }

  /** The server's request that the client knows by this id, until it is answered. */
  questionOf(idText: string): OpenQuestion | undefined {
    return this.#questions.get(idText);
  }

  /** Takes the client's answer to a server's request to that server. False when nobody had asked. */
  answer(frame: ResponseFrame): boolean {
    return this.#questions.answer(frame);
  }

  /** The operation is over: whatever was asked during it is waited for no more. */
  endWaits(operation: Asking): void {
    this.#questions.endWaits(operation);
  }

  /** Ends what is under way. */
  end(): void {
    for (const call of this.calls.values()) call.abort();
    this.#streams?.end();
    this.#unasked.refuseAll();
    this.#questions.withdrawAll();
    this.#waiting.length = 0;
  }

  /** A server that takes a request back names it by its own id; the client knows it by ours. */
  #toClient(frame: NotificationFrame, session: UpstreamSession): string {
    if (frame.method !== 'notifications/cancelled') return frame.text;
    const params = memberNamed(frame.members, 'params');
    const requestId = memberNamed(params === undefined ? null : membersAt(frame.text, params.valueStart), 'requestId');
    if (requestId === undefined) return frame.text;
    const theirs = frame.text.slice(requestId.valueStart, requestId.valueEnd);
    const ours = this.#questions.takenBack(session, theirs);
    if (ours === null) return frame.text;
    return applyEdits(frame.text, [{ start: requestId.valueStart, end: requestId.valueEnd, replacement: ours }]);
  }
}

export function isSameScope(a: Scope, b: Scope): boolean {
  if (a.kind === 'server' && b.kind === 'server') return a.serverId === b.serverId;
  if (a.kind === 'virtual' && b.kind === 'virtual') return a.id === b.id;
  return a.kind === b.kind;
}
