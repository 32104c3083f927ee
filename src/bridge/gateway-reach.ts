import { messageOf } from '../shared/kernel/user-error.ts';
import type { GatewayAddress, GatewaySource } from './gateway-source.ts';
import { createHttpLink, type HttpLink } from './http-link.ts';
import { FIRST_PAUSE_MILLIS, inTime, longer, pauseFor } from './patience.ts';

export interface GatewayReachOptions {
  readonly gateways: GatewaySource;
  /** For example `/mcp`. */
  readonly path: string;
  /** How long a gateway that is gone may take to come back before another is started in its place, in milliseconds. */
  readonly replaceAfterMillis: number;
  readonly onLost: () => void;
}

/** The way to the gateway for requests that need no session, looked for again when the gateway was restarted. */
export class GatewayReach {
  readonly #options: GatewayReachOptions;
  readonly #stopped = new AbortController();
  #current: { readonly link: HttpLink; readonly address: GatewayAddress } | null = null;
  /** The one that the next one replaces. */
  #lost: GatewayAddress | null = null;
  #searching: Promise<void> | null = null;
  #waiting = 0;
  #problem = 'No gateway answers.';

  constructor(options: GatewayReachOptions) {
    this.#options = options;
  }

  /** Why there is no gateway: a sentence for the client's user. */
  get problem(): string {
    return this.#problem;
  }

  /** Null when no gateway was there by the deadline, on the clock of `performance.now()`. */
  async link(deadline: number): Promise<HttpLink | null> {
    while (!this.#isStopped() && performance.now() < deadline) {
      if (this.#current !== null) return this.#current.link;
      this.#waiting += 1;
      this.#searching ??= this.#search().finally(() => {
        this.#searching = null;
      });
      await inTime(this.#searching, deadline);
      this.#waiting -= 1;
    }
    return null;
  }

  /** The link leads to no gateway that takes our requests. What is under way on it is left to end. */
  lost(link: HttpLink): void {
    if (this.#current?.link !== link) return;
    this.#lost = this.#current.address;
    this.#problem = `The gateway at ${this.#lost.origin} did not take the request.`;
    this.#current = null;
    this.#options.onLost();
  }

  /** Cuts the connections. Idempotent. */
  stop(): void {
    this.#stopped.abort();
    this.#current?.link.close();
    this.#current = null;
  }

  /** Ends when there is a gateway, or nobody waits for one. */
  async #search(): Promise<void> {
    const { gateways, path, replaceAfterMillis } = this.#options;
    let lostAt = performance.now();
    // One that says it is well and takes nothing is not asked without end.
    let pause = FIRST_PAUSE_MILLIS;
    if (this.#lost !== null) await pauseFor(pause, this.#stopped.signal);
    while (!this.#isStopped() && this.#waiting > 0) {
      const found = await gateways.find();
      if (this.#isStopped()) return;
      if (found.ok) {
        const { origin, token } = found.value;
        this.#current = { link: createHttpLink(origin + path, token), address: found.value };
        return;
      }
      this.#problem = found.error;
      // Only what this user's app would start itself: no other servers than before.
      if (this.#lost?.isOwn === true && performance.now() - lostAt > replaceAfterMillis) {
        await this.#replace();
        lostAt = performance.now();
      }
      await pauseFor(pause, this.#stopped.signal);
      pause = longer(pause);
    }
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #replace(): Promise<void> {
    try {
      await this.#options.gateways.start?.();
    } catch (thrown) {
      this.#problem = messageOf(thrown);
    }
  }
}
