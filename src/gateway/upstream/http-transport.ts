import type { ServerId } from '../../shared/domain/ids.ts';
import type { Clock } from '../clock.ts';
import { isModernVersion } from '../era/envelope.ts';
import { isMessage, STREAM_BEGINNING } from './event-reader.ts';
import { DeleteExchange, PostExchange } from './http-post.ts';
import { HttpRequestCall } from './http-request-call.ts';
import { HttpWire, type HttpWireOptions } from './http-wire.ts';
import { ResumingStream } from './resuming-stream.ts';
import type { Closed, Departure, Transport, TransportEvents } from './transport.ts';

const CLOSE_TIMEOUT_MILLIS = 1_000;
/** Nobody waits for what nobody asked for. */
const UNASKED_BACK_OFF = { first: 1_000, most: 30_000 };
/** A stream for unasked messages that finds nobody listening this often in a row: the server is gone. */
const REFUSED_BEFORE_GONE = 3;
/** Streams whose answer has come but which the server leaves open; the oldest is ended when there are more. */
const MAX_LINGERING = 16;

export interface HttpTransportOptions extends HttpWireOptions {
  readonly clock: Clock;
}

/** Speaks MCP Streamable HTTP (2025-03-26 and later): a POST for each message, its answer as JSON or an event stream. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  readonly pid = null;
  readonly #serverId: ServerId;
  readonly #clock: Clock;
  readonly #wire: HttpWire;
  readonly #calls = new Map<string, HttpRequestCall>();
  #lingering: HttpRequestCall[] = [];
  #unasked: ResumingStream | null = null;
  #events: TransportEvents | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: HttpTransportOptions) {
    this.#serverId = options.serverId;
    this.#clock = options.clock;
    this.#wire = new HttpWire(options);
  }

  start(events: TransportEvents): Promise<void> {
    this.#events = events;
    return Promise.resolve();
  }

  request(departure: Departure): void {
    const { idText } = departure;
    const events = this.#events;
    if (events === null) throw new Error('A transport carries nothing before it is started.');
    const call = new HttpRequestCall({
      departure,
      wire: this.#wire,
      clock: this.#clock,
      events,
      onOver: () => {
        this.#calls.delete(idText);
      },
      onAnswered: () => {
        this.#lingers(call);
      },
    });
    this.#calls.set(idText, call);
    call.send();
  }

  post(text: string, traceContext: Departure['traceContext'], headers: Departure['headers']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wire.post(new PostExchange(this.#wire, resolve, reject), text, traceContext, { headers });
    });
  }

  abandon(idText: string): void {
    this.#calls.get(idText)?.abandon();
    this.#calls.delete(idText);
  }

  agreed(protocolVersion: string): void {
    this.#wire.agreed(protocolVersion);
    if (!isModernVersion(protocolVersion)) this.#listenForUnasked();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#unasked?.stop();
    if (this.#wire.sessionId !== null) await this.#endSession();
    for (const call of [...this.#calls.values()]) call.abandon();
    this.#calls.clear();
    this.#wire.abortAll();
    this.#tellEnd(`The connection to server "${this.#serverId}" was closed.`, true);
  }

  #tellEnd(message: string, wasAsked: boolean): void {
    const events = this.#events;
    this.#events = null;
    const reason: Closed = { category: 'connection_reset', message, wasAsked };
    events?.closed(reason);
  }

  /** An answer usually ends its stream. Where it does not, a few may stay open for what still comes. */
  #lingers(call: HttpRequestCall): void {
    this.#lingering = [...this.#lingering.filter((other) => other.isOpen), call];
    if (this.#lingering.length > MAX_LINGERING) this.#lingering.shift()?.abandon();
  }

  /** The stream for messages nobody asked for. Servers may not offer it (405), and it may end at any time. */
  #listenForUnasked(): void {
    this.#unasked = new ResumingStream({
      wire: this.#wire,
      clock: this.#clock,
      from: STREAM_BEGINNING,
      backOff: UNASKED_BACK_OFF,
      onEvent: (event) => {
        const { data, firstByteAt } = event;
        if (isMessage(event)) this.#events?.message({ text: data, firstByteAt, relatedIdText: null });
      },
      isWanted: () => this.#closing === null,
      onRefused: (status, wasOpen) => {
        if (status === 404 && wasOpen) this.#gone(`Server "${this.#serverId}" no longer knows this session.`);
      },
      onFruitless: (failures, failure) => {
        if (failure?.category !== 'connection_refused' || failures < REFUSED_BEFORE_GONE) return false;
        this.#gone(failure.message);
        return true;
      },
    });
    this.#unasked.open();
  }

  #gone(why: string): void {
    this.#tellEnd(why, false);
    void this.close();
  }

  async #endSession(): Promise<void> {
    await new Promise<void>((resolve) => {
      const exchange = new DeleteExchange(this.#wire, () => {
        clearTimeout(patience);
        resolve();
      });
      const patience = setTimeout(() => {
        exchange.abort();
      }, CLOSE_TIMEOUT_MILLIS);
      this.#wire.delete(exchange);
    });
  }
}
