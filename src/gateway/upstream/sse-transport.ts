import type { Clock } from '../clock.ts';
import { UpstreamFailure } from '../failure.ts';
import { createEventReader, isMessage, STREAM_BEGINNING, type ServerEvent } from './event-reader.ts';
import { EventStream } from './event-stream.ts';
import { contentTypeOf, type HttpExchange } from './http-exchange.ts';
import { PostExchange } from './http-post.ts';
import { HttpWire, MAX_MESSAGE_LENGTH, type HttpWireOptions } from './http-wire.ts';
import type { Closed, Departure, Transport, TransportEvents } from './transport.ts';

export interface SseTransportOptions extends HttpWireOptions {
  readonly clock: Clock;
  /** Longest wait for the server to open its stream and name its address for messages. */
  readonly startTimeoutMillis: number;
}

/** Speaks HTTP+SSE (MCP 2024-11-05): one event stream for everything the server says, a POST for each message to it. */
export function createSseTransport(options: SseTransportOptions): Transport {
  return new SseTransport(options);
}

class SseTransport implements Transport {
  readonly pid = null;
  readonly #options: SseTransportOptions;
  readonly #wire: HttpWire;
  readonly #posts = new Map<string, HttpExchange>();
  #messagePath: string | null = null;
  #events: TransportEvents | null = null;
  #failStart: (failure: UpstreamFailure) => void = () => undefined;
  #isClosed = false;

  constructor(options: SseTransportOptions) {
    this.#options = options;
    this.#wire = new HttpWire(options);
  }

  async start(events: TransportEvents): Promise<void> {
    const { startTimeoutMillis } = this.#options;
    this.#events = events;
    let patience: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#failStart = reject;
        patience = setTimeout(() => {
          const seconds = startTimeoutMillis / 1000;
          reject(this.#failure('timeout', `did not name its address for messages within ${seconds} s`));
        }, startTimeoutMillis);
        this.#openStream(resolve);
      });
    } catch (error) {
      this.#isClosed = true;
      this.#wire.abortAll();
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }

  request({ text, idText, traceContext, headers }: Departure): void {
    const path = this.#messagePath;
    if (path === null || this.#isClosed) {
      this.#events?.failed(idText, this.#failure('connection_reset', 'is not connected'));
      return;
    }
    const exchange = new PostExchange(
      this.#wire,
      () => this.#posts.delete(idText),
      (failure) => {
        this.#posts.delete(idText);
        this.#events?.failed(idText, failure);
      },
    );
    this.#posts.set(idText, exchange);
    this.#wire.post(exchange, text, traceContext, { path, headers });
  }

  async post(text: string, traceContext: Departure['traceContext'], headers: Departure['headers']): Promise<void> {
    const path = this.#messagePath;
    if (path === null || this.#isClosed) throw this.#failure('connection_reset', 'is not connected');
    await new Promise<void>((resolve, reject) => {
      this.#wire.post(new PostExchange(this.#wire, resolve, reject), text, traceContext, { path, headers });
    });
  }

  abandon(idText: string): void {
    this.#posts.get(idText)?.abort();
    this.#posts.delete(idText);
  }

  agreed(): void {
    // The transport of 2024-11-05 does not repeat the version.
  }

  close(): Promise<void> {
    this.#failStart(this.#failure('cancelled', 'was not waited for any longer'));
    const message = `The connection to server "${this.#options.serverId}" was closed.`;
    this.#end({ category: 'connection_reset', message, wasAsked: true });
    return Promise.resolve();
  }

  #openStream(ready: () => void): void {
    const { clock } = this.#options;
    const stream = new EventStream(this.#wire, {
      reader: () =>
        createEventReader({
          clock,
          from: STREAM_BEGINNING,
          maxEventLength: MAX_MESSAGE_LENGTH,
          onEvent: (event) => {
            this.#arrived(event, ready);
          },
          onOverflow: () => {
            this.#streamEnded(this.#wire.tooLarge());
          },
        }),
      refused: (status, headers) => {
        const isOk = status === 200;
        this.#streamEnded(
          isOk ? this.#wire.wrongType(contentTypeOf(headers), 'text/event-stream') : this.#wire.refusal(status),
        );
      },
      ended: (position, failure) => {
        this.#streamEnded(
          position === null && failure !== null ? failure : this.#failure('connection_reset', 'ended its event stream'),
        );
      },
    });
    this.#wire.get(stream, null);
  }

  #arrived(event: ServerEvent, ready: () => void): void {
    const { type, data, firstByteAt } = event;
    if (type === 'endpoint' && this.#messagePath === null) {
      this.#messagePath = this.#pathOf(data);
      if (this.#messagePath !== null) ready();
    } else if (isMessage(event)) this.#events?.message({ text: data, firstByteAt, relatedIdText: null });
  }

  /** Messages carry the configured secrets, so they go nowhere but where the user sent them. */
  #pathOf(endpoint: string): string | null {
    const { url } = this.#options.config;
    const target = URL.parse(endpoint, url);
    if (target === null) {
      this.#failStart(this.#failure('mcp_protocol_error', 'named an address for messages that is no URL'));
      return null;
    }
    if (target.origin === new URL(url).origin) return target.pathname + target.search;
    const where = target.origin === 'null' ? target.protocol : target.origin;
    const what = `wants its messages at ${where}, which is not where it was configured to be; they were not sent`;
    this.#failStart(this.#failure('mcp_protocol_error', what));
    return null;
  }

  #streamEnded(failure: UpstreamFailure): void {
    this.#failStart(failure);
    this.#end({ category: failure.category, message: failure.message, wasAsked: false });
  }

  #end(reason: Closed): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wire.abortAll();
    this.#posts.clear();
    // Until then it is `start` that rejects.
    if (this.#messagePath !== null) this.#events?.closed(reason);
  }

  #failure(category: UpstreamFailure['category'], what: string): UpstreamFailure {
    return new UpstreamFailure(category, `Server "${this.#options.serverId}" ${what}.`);
  }
}
