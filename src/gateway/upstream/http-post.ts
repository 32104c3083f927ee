import { SessionExpired, type UpstreamFailure } from '../failure.ts';
import { HttpExchange, isEventStream, type ResponseHeaders } from './http-exchange.ts';
import type { HttpWire } from './http-wire.ts';

/** Hands over a notification or an answer: whatever the server says but its status means nothing. */
export class PostExchange extends HttpExchange {
  readonly #wire: HttpWire;
  readonly #taken: () => void;
  readonly #refused: (failure: UpstreamFailure) => void;

  constructor(wire: HttpWire, taken: () => void, refused: (failure: UpstreamFailure) => void) {
    super();
    this.#wire = wire;
    this.#taken = taken;
    this.#refused = refused;
  }

  protected head(status: number, headers: ResponseHeaders): void {
    if (status < 300) this.#taken();
    else if (status === 404 && this.#wire.sessionId !== null) this.#refused(new SessionExpired(this.#wire.serverId));
    else this.#refused(this.#wire.refusal(status));
    // A stream would hold its connection for nothing.
    if (isEventStream(headers)) this.abort();
  }

  protected body(): void {
    // Nobody reads it.
  }

  protected ended(): void {
    // The status said it.
  }

  protected broke(error: Error): void {
    this.#refused(this.#wire.failureOf(error));
  }

  protected override left(): void {
    this.#wire.forget(this);
    // Given up without an answer: nobody is told, but nobody may wait for ever either.
    this.#taken();
  }
}

/** Ends a session; a server that is gone has none left to end. */
export class DeleteExchange extends HttpExchange {
  readonly #wire: HttpWire;
  readonly #over: () => void;

  constructor(wire: HttpWire, over: () => void) {
    super();
    this.#wire = wire;
    this.#over = over;
  }

  protected head(): void {
    this.abort();
  }

  protected body(): void {
    // Nobody reads it.
  }

  protected ended(): void {
    // `left` said it.
  }

  protected broke(): void {
    // `left` said it.
  }

  protected override left(): void {
    this.#wire.forget(this);
    this.#over();
  }
}
