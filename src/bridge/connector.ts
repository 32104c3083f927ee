import { messageOf, UserError } from '../shared/kernel/user-error.ts';
import type { ClientMessage } from './client-message.ts';
import { GatewaySession, openSession, type Opening } from './gateway-session.ts';
import type { GatewayAddress, GatewaySource } from './gateway-source.ts';
import { createHttpLink } from './http-link.ts';
import { FIRST_PAUSE_MILLIS, inTime, longer, LONGEST_PAUSE_MILLIS, pauseFor } from './patience.ts';
import { Remembered } from './remembered.ts';

export interface ConnectorOptions {
  readonly gateways: GatewaySource;
  /** For example `/mcp`. */
  readonly path: string;
  /** How long a gateway that is gone may take to come back before another is started in its place, in milliseconds. */
  readonly replaceAfterMillis: number;
  /** Takes what a gateway sends before its answer to `initialize`. */
  readonly receive: (text: string) => Promise<void>;
  /** A session was opened in the place of one that was lost. Nothing else of the client's is sent before it resolves. */
  readonly onReopened: (session: GatewaySession, remembered: Remembered) => Promise<void>;
  readonly onOpened: (session: GatewaySession) => void;
  readonly onLost: (session: GatewaySession) => void;
}

/** Keeps the bridge's session with the gateway: finds one, opens it, and opens it again when the gateway was restarted. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #stopped = new AbortController();
  #current: GatewaySession | null = null;
  #remembered: Remembered | null = null;
  #connecting: Promise<GatewaySession | null> | null = null;
  /** Calls that wait for a session. */
  #waiting = 0;
  #problem = 'No gateway answers.';

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  get current(): GatewaySession | null {
    return this.#current;
  }

  /** Whether a client has ever asked for a session. */
  get wasAsked(): boolean {
    return this.#remembered !== null;
  }

  /** Why there is no session: a sentence for the client's user. */
  get problem(): string {
    return this.#problem;
  }

  /** Sees to it that there is a gateway. Rejects with a UserError when there is none to be had. */
  async begin(): Promise<void> {
    const { gateways } = this.#options;
    let found = await gateways.find();
    if (!found.ok && gateways.start !== null) {
      await gateways.start();
      found = await gateways.find();
    }
    if (!found.ok) throw new UserError(found.error);
  }

  /** Opens the session that the client asks for. Null when that could not be done by the message's deadline. */
  async open(message: ClientMessage, idText: string): Promise<Opening | null> {
    const remembered = new Remembered(message, idText);
    this.#remembered = remembered;
    this.#current?.leave();
    this.#current = null;
    for (let pause = FIRST_PAUSE_MILLIS; !this.#isOver(message.deadline); pause = longer(pause)) {
      const opening = await this.#tryToOpen(remembered);
      if (opening?.kind === 'opened') {
        remembered.answered(opening);
        this.#begun(opening.session);
      }
      if (opening !== null) return opening;
      await pauseFor(pause, this.#stopped.signal);
    }
    return null;
  }

  /** The session to send in, once there is one. Null when there was none by the message's deadline. */
  async session(message: ClientMessage): Promise<GatewaySession | null> {
    if (this.#current !== null) return this.#current;
    this.#waiting += 1;
    try {
      return await inTime(this.#reconnect(null), message.deadline);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** What was sent before is remembered, so that a gateway that is restarted can be told. */
  sent(message: ClientMessage): void {
    this.#remembered?.sent(message);
  }

  /** The session is not known to any gateway, or its gateway is gone. A new one is opened at once. */
  lost(session: GatewaySession): void {
    if (this.#current !== session) return;
    this.#current = null;
    this.#options.onLost(session);
    void this.#reconnect(session.address);
  }

  /** Gives up whatever is being tried, and ends the session. Idempotent. */
  async stop(boundMillis: number): Promise<void> {
    this.#stopped.abort();
    const session = this.#current;
    this.#current = null;
    await session?.end(boundMillis);
  }

  #reconnect(lost: GatewayAddress | null): Promise<GatewaySession | null> {
    this.#connecting ??= this.#connect(lost).finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connect(lost: GatewayAddress | null): Promise<GatewaySession | null> {
    let lostAt = performance.now();
    for (let pause = FIRST_PAUSE_MILLIS; !this.#stopped.signal.aborted; pause = longer(pause)) {
      // The client may have opened a session of its own meanwhile.
      if (this.#current !== null) return this.#current;
      const session = await this.#tryAgain();
      if (session !== null) return session;
      if (this.#mayReplace(lost) && performance.now() - lostAt > this.#options.replaceAfterMillis) {
        await this.#replace();
        lostAt = performance.now();
      }
      await pauseFor(pause, this.#stopped.signal);
    }
    return null;
  }

  async #tryAgain(): Promise<GatewaySession | null> {
    const remembered = this.#remembered;
    if (remembered === null) return this.#withoutSession();
    const opening = await this.#tryToOpen(remembered);
    if (opening === null) return null;
    if (opening.kind === 'refused') {
      this.#problem = opening.sentence;
      return null;
    }
    const { session } = opening;
    if (this.#current !== null || this.#remembered !== remembered) {
      await session.end(LONGEST_PAUSE_MILLIS);
      return this.#current;
    }
    await this.#options.onReopened(session, remembered);
    this.#begun(session);
    return session;
  }

  /** For a client that has not sent `initialize`: the gateway tells it what it thinks of that. */
  async #withoutSession(): Promise<GatewaySession | null> {
    const found = await this.#options.gateways.find();
    if (!found.ok) {
      this.#problem = found.error;
      return null;
    }
    const { origin, token } = found.value;
    this.#current = new GatewaySession(found.value, createHttpLink(origin + this.#options.path, token), null, null);
    return this.#current;
  }

  async #tryToOpen({ opening, idText }: Remembered): Promise<Opening | null> {
    const { gateways, path, receive } = this.#options;
    const found = await gateways.find();
    if (!found.ok) {
      this.#problem = found.error;
      return null;
    }
    try {
      return await openSession({ address: found.value, path, text: opening.text, idText, receive });
    } catch (thrown) {
      this.#problem = `The gateway at ${found.value.origin} did not open a session (${messageOf(thrown)}).`;
      return null;
    }
  }

  #begun(session: GatewaySession): void {
    this.#current = session;
    this.#options.onOpened(session);
  }

  /** Only for somebody who waits, and only what this user's app would start itself: no other servers than before. */
  #mayReplace(lost: GatewayAddress | null): boolean {
    return this.#options.gateways.start !== null && lost?.isOwn === true && this.#waiting > 0;
  }

  async #replace(): Promise<void> {
    try {
      await this.#options.gateways.start?.();
    } catch (thrown) {
      this.#problem = messageOf(thrown);
    }
  }

  #isOver(deadline: number): boolean {
    return this.#stopped.signal.aborted || performance.now() >= deadline;
  }
}
