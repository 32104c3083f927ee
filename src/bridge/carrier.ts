import type { IncomingMessage } from 'node:http';
import { errorText, notificationText } from '../gateway/frame/compose.ts';
import type { ClientMessage } from './client-message.ts';
import type { Connector } from './connector.ts';
import { readGatewayMessage } from './gateway-message.ts';
import type { GatewaySession } from './gateway-session.ts';
import type { Inbox } from './inbox.ts';
import { pauseFor } from './patience.ts';
import { Questions } from './questions.ts';
import { isEventStream, readBody, readMessages, type StreamPosition } from './read-messages.ts';
import { BRIDGE_ERROR, RESTARTED, refusalSentence, refusalText, UNANSWERED } from './refusal.ts';
import type { Remembered } from './remembered.ts';

export interface CarrierOptions {
  readonly connector: Connector;
  readonly inbox: Inbox;
  /** Gives the client a message; resolves when it takes more. */
  readonly write: (text: string) => Promise<void>;
  /** Tells the user something that the client cannot be told. */
  readonly say: (sentence: string) => void;
}

/** A session that is refused this often in a row is not what is wrong. */
const MAX_REFUSALS = 3;
const MAX_RESUMPTIONS = 5;
const RESUME_AFTER_MILLIS = 500;

/** Carries messages between the client and the current session, and sees to it that every call gets an answer. */
export class Carrier {
  readonly #options: CarrierOptions;
  readonly #questions = new Questions();
  /** The messages whose calls are under way, by the calls' ids. */
  readonly #calls = new Map<string, ClientMessage>();
  readonly #stopped = new AbortController();

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  /** Sends a message; resolves when it is out of our hands, not when it is answered. Never rejects. */
  async deliver(message: ClientMessage): Promise<void> {
    if (message.cancels !== null) this.#forget(message.cancels);
    for (const idText of message.unanswered) this.#calls.set(idText, message);
    if (message.kind === 'opening') await this.#open(message);
    else await this.#send(message);
  }

  /** Ends every call that is under way with an error that says why. */
  endAll(sentence: string): void {
    for (const message of new Set(this.#calls.values())) this.#fail(message, sentence);
  }

  /** Takes what a gateway sends outside of any answer, for as long as the session is the current one. */
  async listen(session: GatewaySession): Promise<void> {
    const position: StreamPosition = { lastEventId: null, retryMillis: null };
    let failures = 0;
    while (!this.#stopped.signal.aborted && this.#options.connector.current === session) {
      const { sent, response } = session.listen(position.lastEventId);
      try {
        const reply = await response;
        if (isUnknownSession(reply, session)) this.#options.connector.lost(session);
        if (reply.statusCode === 200 && isEventStream(reply)) {
          failures = 0;
          await readMessages(reply, position, (text) => this.#receive(text, session));
        } else {
          reply.resume();
          // What came after that event is no longer to be had.
          position.lastEventId = null;
        }
        // Not offered here, which is a server's right.
        if (reply.statusCode === 405) return;
      } catch {
        // The stream broke. Whether its gateway is still there shows when it is asked for again.
        if (!(await sent)) this.#options.connector.lost(session);
      }
      await pauseFor(failures === 0 ? 0 : Math.min(100 * 2 ** failures, 2_000), this.#stopped.signal);
      failures += 1;
    }
  }

  /** What a session asked the client is asked no more. */
  takeBack(session: GatewaySession): void {
    for (const idText of this.#questions.openIn(session)) {
      const params = `{"requestId":${idText},"reason":"The gateway that asked was restarted."}`;
      void this.#options.write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`);
    }
  }

  /** Tells a new session what an earlier one was told, and the client what may have changed meanwhile. */
  async resume(session: GatewaySession, remembered: Remembered): Promise<void> {
    for (const text of remembered.toRepeat()) {
      const { sent, response } = session.post(text);
      // The client had its answer the first time.
      void response.then((reply) => reply.resume()).catch(() => undefined);
      if (!(await sent)) return;
    }
    for (const list of remembered.announcedLists) {
      void this.#options.write(notificationText(`notifications/${list}/list_changed`));
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #open(message: ClientMessage): Promise<void> {
    const [idText = 'null'] = message.unanswered;
    const opening = await this.#options.connector.open(message, idText);
    if (opening === null) this.#fail(message, this.#options.connector.problem);
    else {
      this.#settle(idText);
      await this.#options.write(opening.answer);
    }
    this.#options.inbox.done(message);
  }

  async #send(message: ClientMessage): Promise<void> {
    const { connector, inbox } = this.#options;
    for (;;) {
      const session = await connector.session(message);
      if (session === null) {
        this.#giveUp(message, connector.problem);
        return;
      }
      const text =
        message.answers === null ? message.text : this.#questions.answerText(message.text, message.answers, session);
      if (text === null) {
        // It answers a gateway that is gone; the new one has not asked.
        if (message.answers !== null) this.#questions.answered(message.answers);
        inbox.done(message);
        return;
      }
      const { sent, response } = session.post(text);
      if (await sent) {
        connector.sent(message);
        void this.#follow(message, session, response);
        return;
      }
      connector.lost(session);
    }
  }

  /** Sees one message to its end: its answers handed on, or an error in their place. Never rejects. */
  async #follow(message: ClientMessage, session: GatewaySession, response: Promise<IncomingMessage>): Promise<void> {
    const position: StreamPosition = { lastEventId: null, retryMillis: null };
    try {
      const reply = await response;
      if (isUnknownSession(reply, session)) {
        reply.resume();
        this.#sendAgain(message, session);
        return;
      }
      if (message.answers !== null) this.#questions.answered(message.answers);
      if ((reply.statusCode ?? 0) >= 400) await this.#refuse(message, reply);
      else await this.#receiveReply(message, reply, position, session);
      await this.#readOn(message, position, session);
      this.#fail(message, UNANSWERED);
    } catch {
      // Broken off. A gateway that is still there may keep the rest.
      await this.#readOn(message, position, session).catch(() => undefined);
      this.#fail(message, RESTARTED);
    }
    this.#options.inbox.done(message);
  }

  /** The gateway does not know the session, so it has not looked at the message: it can go to the next one. */
  #sendAgain(message: ClientMessage, session: GatewaySession): void {
    const { connector, inbox } = this.#options;
    connector.lost(session);
    message.refusals += 1;
    // The handshake is repeated with the session.
    if (message.kind === 'opened') inbox.done(message);
    else if (message.refusals > MAX_REFUSALS) this.#giveUp(message, 'The gateway keeps forgetting this session.');
    else inbox.putBack(message);
  }

  async #receiveReply(
    message: ClientMessage,
    reply: IncomingMessage,
    position: StreamPosition,
    session: GatewaySession,
  ): Promise<void> {
    const [onlyCall] = message.unanswered.size === 1 ? message.unanswered : [];
    const isWhole = !isEventStream(reply);
    await readMessages(reply, position, async (text) => {
      if (isWhole && onlyCall !== undefined) {
        this.#settle(onlyCall);
        await this.#options.write(text);
      } else await this.#receive(text, session);
    });
  }

  /** Goes on with a stream that ended early, from where it ended, as long as the gateway says where that is. */
  async #readOn(message: ClientMessage, position: StreamPosition, session: GatewaySession): Promise<void> {
    for (let attempts = 0; attempts < MAX_RESUMPTIONS; attempts += 1) {
      if (message.unanswered.size === 0 || position.lastEventId === null || this.#stopped.signal.aborted) return;
      const before = position.lastEventId;
      await pauseFor(position.retryMillis ?? RESUME_AFTER_MILLIS, this.#stopped.signal);
      const reply = await session.listen(before).response;
      if (reply.statusCode !== 200 || !isEventStream(reply)) {
        reply.resume();
        return;
      }
      await readMessages(reply, position, (text) => this.#receive(text, session));
      if (position.lastEventId !== before) attempts = 0;
    }
  }

  async #receive(text: string, session: GatewaySession): Promise<void> {
    const read = readGatewayMessage(text);
    if (read.kind === 'answer') for (const idText of read.idTexts) this.#settle(idText);
    await this.#options.write(this.#questions.show(text, read, session));
  }

  /** The gateway took the HTTP request and refused what was in it. */
  async #refuse(message: ClientMessage, reply: IncomingMessage): Promise<void> {
    const status = reply.statusCode ?? 0;
    const body = await readBody(reply);
    for (const idText of message.unanswered) {
      this.#settle(idText);
      await this.#options.write(refusalText(idText, status, body));
    }
    if (message.kind === 'invalid') await this.#options.write(refusalText('null', status, body));
    else if (message.unanswered.size === 0 && message.answers !== null) {
      this.#options.say(refusalSentence(status, body));
    }
  }

  #giveUp(message: ClientMessage, sentence: string): void {
    if (message.unanswered.size > 0) this.#fail(message, sentence);
    else this.#options.say(`A message of the client's was not delivered. ${sentence}`);
    this.#options.inbox.done(message);
  }

  /** Answers what of the message has not been answered. */
  #fail(message: ClientMessage, sentence: string): void {
    for (const idText of message.unanswered) {
      this.#settle(idText);
      void this.#options.write(errorText(idText, { code: BRIDGE_ERROR, message: sentence }));
    }
  }

  #settle(idText: string): void {
    this.#calls.get(idText)?.unanswered.delete(idText);
    this.#calls.delete(idText);
  }

  /** A call that its client took back is answered by nobody (MCP, cancellation); what does come is passed on. */
  #forget(idText: string): void {
    this.#settle(idText);
  }
}

/** Nothing was done with the message: no such session here, or a gateway with another token took the port. */
function isUnknownSession({ statusCode }: IncomingMessage, { id }: GatewaySession): boolean {
  return id !== null && (statusCode === 404 || statusCode === 401);
}
