import type { UpstreamFailure } from '../failure.ts';
import type { EventReader, StreamPosition } from './event-reader.ts';
import { HttpExchange, isEventStream, type ResponseHeaders } from './http-exchange.ts';
import type { HttpWire } from './http-wire.ts';

export interface EventStreamEvents {
  /** The stream is open: reads what comes. */
  readonly reader: () => EventReader;
  /** The server answered with something else. */
  readonly refused: (status: number, headers: ResponseHeaders) => void;
  /** The stream is over, or never came to be: `position` is null then. `failure` tells what the connection said. */
  readonly ended: (position: StreamPosition | null, failure: UpstreamFailure | null) => void;
}

/** One event stream opened by GET. */
export class EventStream extends HttpExchange {
  readonly #wire: HttpWire;
  readonly #events: EventStreamEvents;
  #reader: EventReader | null = null;

  constructor(wire: HttpWire, events: EventStreamEvents) {
    super();
    this.#wire = wire;
    this.#events = events;
  }

  protected head(status: number, headers: ResponseHeaders): void {
    if (status === 200 && isEventStream(headers)) {
      this.#reader = this.#events.reader();
      return;
    }
    this.abort();
    this.#events.refused(status, headers);
  }

  protected body(chunk: Buffer): void {
    this.#reader?.push(chunk);
  }

  protected ended(): void {
    this.#events.ended(this.#reader?.position ?? null, null);
  }

  protected broke(error: Error): void {
    this.#events.ended(this.#reader?.position ?? null, this.#wire.failureOf(error));
  }

  protected override left(): void {
    this.#wire.forget(this);
  }
}
