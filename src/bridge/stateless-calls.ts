import type { IncomingMessage } from 'node:http';
import { errorText } from '../gateway/frame/compose.ts';
import type { ClientMessage, StatelessRequest } from './client-message.ts';
import { readGatewayMessage } from './gateway-message.ts';
import type { GatewayReach } from './gateway-reach.ts';
import { POST_HEADERS, type Dispatched, type HttpLink } from './http-link.ts';
import type { Inbox } from './inbox.ts';
import { isEventStream, readBody, readMessages } from './read-messages.ts';
import { BRIDGE_ERROR, RESTARTED, refusalText, UNANSWERED } from './refusal.ts';

export interface StatelessCallsOptions {
  readonly reach: GatewayReach;
  readonly inbox: Inbox;
  /** Gives the client a message; resolves when it takes more. */
  readonly write: (text: string) => Promise<void>;
}

interface Call {
  readonly message: ClientMessage;
  readonly request: StatelessRequest;
  dispatched: Dispatched | null;
  /** A gateway has refused the token that it was sent with. */
  wasRefused: boolean;
  /** It was answered, or taken back by its client. */
  isOver: boolean;
}

/** Each holds a connection for as long as the client likes, and takes no room in the inbox. */
const MAX_SUBSCRIPTIONS = 64;
const TOO_MANY_SUBSCRIPTIONS = `${MAX_SUBSCRIPTIONS} subscriptions are open, which is as many as the bridge carries: end one of them first.`;
const SUBSCRIPTION_LOST =
  'The gateway ended or was restarted, and this subscription with it: subscribe again, and read anew what may have changed.';

/**
 * Carries requests of the stateless era (MCP 2026-07-28), which need no session, and sees to it that every one gets an
 * answer, unless its client takes it back.
 */
export class StatelessCalls {
  readonly #options: StatelessCallsOptions;
  /** Those under way, by their ids. */
  readonly #calls = new Map<string, Call>();

  constructor(options: StatelessCallsOptions) {
    this.#options = options;
  }

  /** Sends a request; resolves when it is out of our hands, not when it is answered. Never rejects. */
  async deliver(message: ClientMessage, request: StatelessRequest): Promise<void> {
    const call: Call = { message, request, dispatched: null, wasRefused: false, isOver: false };
    if (request.isSubscription && this.#subscriptions() >= MAX_SUBSCRIPTIONS) {
      this.#fail(call, TOO_MANY_SUBSCRIPTIONS);
      return;
    }
    this.#calls.set(request.idText, call);
    await this.#send(call);
  }

  /**
   * Takes back the request with this id, for which the end of its HTTP request is all that is needed; nothing more of it
   * reaches the client. False when no such request is under way.
   */
  cancel(idText: string): boolean {
    const call = this.#calls.get(idText);
    if (call === undefined) return false;
    this.#close(call);
    call.dispatched?.abort();
    this.#options.inbox.done(call.message);
    return true;
  }

  /** Ends every call that is under way with an error that says why. */
  endAll(sentence: string): void {
    for (const call of [...this.#calls.values()]) {
      this.#fail(call, sentence);
      call.dispatched?.abort();
    }
  }

  async #send(call: Call): Promise<void> {
    const { reach, inbox } = this.#options;
    const { message, request } = call;
    for (;;) {
      const link = await reach.link(message.deadline);
      if (hasEnded(call)) return;
      if (link === null) {
        this.#fail(call, reach.problem);
        return;
      }
      call.dispatched = link.send('POST', { ...POST_HEADERS, ...request.headers }, message.text);
      if (await call.dispatched.sent) {
        // It may last as long as the client; what is held up by what is held must not wait for it.
        if (request.isSubscription) inbox.done(message);
        void this.#follow(call, link, call.dispatched.response);
        return;
      }
      if (hasEnded(call)) return;
      reach.lost(link);
    }
  }

  /** Sees one request to its end: its answer handed on, or an error in its place. Never rejects. */
  async #follow(call: Call, link: HttpLink, response: Promise<IncomingMessage>): Promise<void> {
    try {
      const reply = await response;
      const status = reply.statusCode ?? 0;
      if (status === 401 && !call.wasRefused) {
        // Nothing was done with it: a gateway with another token took the port.
        reply.resume();
        call.wasRefused = true;
        this.#options.reach.lost(link);
        await this.#send(call);
        return;
      }
      if (status >= 400) await this.#answer(call, refusalText(call.request.idText, status, await readBody(reply)));
      else {
        const isWhole = !isEventStream(reply);
        await readMessages(reply, { lastEventId: null, retryMillis: null }, (text) =>
          this.#receive(call, text, isWhole),
        );
      }
      this.#fail(call, UNANSWERED);
    } catch {
      // Broken off; streams of this era cannot be gone on with.
      this.#fail(call, call.request.isSubscription ? SUBSCRIPTION_LOST : RESTARTED);
    }
    this.#options.inbox.done(call.message);
  }

  async #receive(call: Call, text: string, isWhole: boolean): Promise<void> {
    if (isWhole || isAnswerTo(text, call.request)) await this.#answer(call, text);
    else if (!call.isOver) await this.#options.write(text);
  }

  async #answer(call: Call, text: string): Promise<void> {
    if (call.isOver) return;
    this.#close(call);
    await this.#options.write(text);
  }

  #fail(call: Call, sentence: string): void {
    void this.#answer(call, errorText(call.request.idText, { code: BRIDGE_ERROR, message: sentence }));
    this.#options.inbox.done(call.message);
  }

  #close(call: Call): void {
    call.isOver = true;
    const { idText } = call.request;
    // The client may have used the id again.
    if (this.#calls.get(idText) === call) this.#calls.delete(idText);
  }

  #subscriptions(): number {
    return [...this.#calls.values()].filter(({ request }) => request.isSubscription).length;
  }
}

/** Looked at anew after each wait. */
function hasEnded({ isOver }: Call): boolean {
  return isOver;
}

function isAnswerTo(text: string, { idText }: StatelessRequest): boolean {
  const read = readGatewayMessage(text);
  return read.kind === 'answer' && read.idTexts.includes(idText);
}
