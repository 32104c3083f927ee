import type { EventLog } from './event-store.ts';
import { EventStream, type EventCarrier } from './event-stream.ts';

export interface CallStreamOptions {
  readonly key: string;
  readonly log: EventLog;
  /** How long a client that lost its connection may take to come back. */
  readonly graceMillis: number;
  /** The client lost its connection and did not come back. */
  readonly onAbandoned: () => void;
  /** Nothing of it will be asked for any more. */
  readonly onForgotten: (stream: CallStream) => void;
}

/**
 * The stream that answers one POST. When its connection breaks, it waits `graceMillis` for the client to come back with
 * `Last-Event-ID`: the call goes on meanwhile, and what is sent is kept, its answer too. Nobody came: the call is ended.
 * Events of a stream that ended well are kept as long, for a client that lost the last of them.
 */
export class CallStream extends EventStream {
  readonly #options: CallStreamOptions;
  #grace: NodeJS.Timeout | undefined;
  #onSettled: ((wasTaken: boolean) => void) | null = null;
  #isComplete = false;
  #isForgotten = false;

  constructor(options: CallStreamOptions) {
    super(options.key, options.log);
    this.#options = options;
  }

  /** Messages are still taken: a connection is there, or may come back. */
  override get isOpen(): boolean {
    return !this.#isComplete && !this.#isForgotten;
  }

  override get isComplete(): boolean {
    return this.#isComplete;
  }

  override send(text: string): void {
    if (this.isOpen) super.send(text);
  }

  override attach(carrier: EventCarrier, after: number | null): void {
    clearTimeout(this.#grace);
    super.attach(carrier, after);
    if (this.#isComplete) this.#settle();
  }

  override lost(carrier: EventCarrier): void {
    if (this.detach(carrier) && !this.#isForgotten) this.#wait();
  }

  /**
   * Sends the answers, or keeps them for a client that may come back. `onSettled` learns, at once or within the grace,
   * whether a client took them.
   */
  finish(texts: readonly string[], onSettled: (wasTaken: boolean) => void): void {
    if (!this.isOpen) {
      onSettled(false);
      return;
    }
    for (const text of texts) super.send(text);
    this.#isComplete = true;
    this.#onSettled = onSettled;
    if (this.isCarried) this.#settle();
  }

  /** Ends it when no connection carries it: its session has ended. */
  override end(): void {
    if (!this.isCarried) this.#forget();
  }

  #settle(): void {
    this.endCarrier();
    this.#wait();
    this.#tell(true);
  }

  #wait(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#forget();
    }, this.#options.graceMillis);
    this.#grace.unref();
  }

  #forget(): void {
    if (this.#isForgotten) return;
    this.#isForgotten = true;
    clearTimeout(this.#grace);
    this.log.clear();
    this.#options.onForgotten(this);
    if (this.#isComplete) this.#tell(false);
    else this.#options.onAbandoned();
  }

  #tell(wasTaken: boolean): void {
    const onSettled = this.#onSettled;
    this.#onSettled = null;
    onSettled?.(wasTaken);
  }
}
