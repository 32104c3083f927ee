import type { Clock } from '../clock.ts';
import type { UpstreamFailure } from '../failure.ts';
import { pauseBefore, type BackOff } from './back-off.ts';
import { createEventReader, type ServerEvent, type StreamPosition } from './event-reader.ts';
import { EventStream } from './event-stream.ts';
import { MAX_MESSAGE_LENGTH, type HttpWire } from './http-wire.ts';

export interface ResumingStreamOptions {
  readonly wire: HttpWire;
  readonly clock: Clock;
  readonly from: StreamPosition;
  /** Between attempts that bring nothing. */
  readonly backOff: BackOff;
  readonly onEvent: (event: ServerEvent) => void;
  /** Asked each time the stream ends: false lets it be. */
  readonly isWanted: () => boolean;
  /** The server does not offer the stream, or, when it was open before, no longer does; it is not asked again. */
  readonly onRefused: (status: number, wasOpen: boolean) => void;
  /** An attempt brought nothing. True gives up. */
  readonly onFruitless: (failures: number, failure: UpstreamFailure | null) => boolean;
}

/** Servers that want to be polled say how often; what they say is taken within reason. */
const MIN_RETRY_MILLIS = 100;
const MAX_RETRY_MILLIS = 60_000;

/**
 * An event stream that is opened by GET and opened again when it ends, after the last event that came (MCP Streamable
 * HTTP, "resumability and redelivery"): at once or when the server asked for, later each time it brings nothing.
 */
export class ResumingStream {
  readonly #options: ResumingStreamOptions;
  #position: StreamPosition;
  #exchange: EventStream | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #wasOpen = false;
  #isStopped = false;

  constructor(options: ResumingStreamOptions) {
    this.#options = options;
    this.#position = options.from;
  }

  open(): void {
    if (this.#isStopped) return;
    const { wire, clock } = this.#options;
    let hasBrought = false;
    const exchange = new EventStream(wire, {
      reader: () => {
        this.#wasOpen = true;
        return createEventReader({
          clock,
          from: this.#position,
          maxEventLength: MAX_MESSAGE_LENGTH,
          onEvent: (event) => {
            hasBrought = true;
            this.#failures = 0;
            this.#options.onEvent(event);
          },
          onOverflow: () => {
            exchange.abort();
            this.#ended(false, wire.tooLarge());
          },
        });
      },
      refused: (status) => {
        if (status >= 500) this.#ended(false, wire.refusal(status));
        else this.#options.onRefused(status, this.#wasOpen);
      },
      ended: (position, failure) => {
        this.#position = position ?? this.#position;
        this.#ended(hasBrought, failure);
      },
    });
    this.#exchange = exchange;
    wire.get(exchange, this.#position.lastEventId);
  }

  /** Opens the stream once the server wants to be asked. */
  openLater(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.open();
    }, this.#pause());
    this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#exchange?.abort();
  }

  #ended(hasBrought: boolean, failure: UpstreamFailure | null): void {
    if (this.#isStopped || !this.#options.isWanted()) return;
    if (!hasBrought) {
      this.#failures += 1;
      if (this.#options.onFruitless(this.#failures, failure)) return;
    }
    this.openLater();
  }

  #pause(): number {
    const { retryMillis } = this.#position;
    const asked = retryMillis === null ? 0 : Math.min(MAX_RETRY_MILLIS, Math.max(MIN_RETRY_MILLIS, retryMillis));
    if (this.#failures <= 1 && asked > 0) return asked;
    return Math.max(asked, pauseBefore(Math.max(1, this.#failures), this.#options.backOff, Math.random()));
  }
}
