import { createParser } from 'eventsource-parser';
import { Agent, request, type Dispatcher } from 'undici';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { HttpServerConfig } from '../../shared/domain/server.ts';
import type { Clock, EpochMillis } from '../clock.ts';
import { categoryOfCode, categoryOfStatus, innermostCause, SessionExpired, UpstreamFailure } from '../failure.ts';
import type { Departure, Transport, TransportEvents } from './transport.ts';

const MAX_BODY_CHARACTERS = 128 * 1024 * 1024;
const CLOSE_TIMEOUT_MILLIS = 1_000;

export interface HttpTransportOptions {
  readonly serverId: ServerId;
  readonly config: HttpServerConfig;
  readonly clock: Clock;
}

/** Speaks MCP Streamable HTTP (2025-03-26 and later): a POST for each message, its answer as JSON or an event stream. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  readonly pid = null;
  readonly #options: HttpTransportOptions;
  // Waiting is bounded by whoever waits (the call's own timeout), not by the socket.
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  readonly #ending = new AbortController();
  #events: TransportEvents | null = null;
  #sessionId: string | null = null;
  #protocolVersion: string | null = null;

  constructor(options: HttpTransportOptions) {
    this.#options = options;
  }

  start(events: TransportEvents): Promise<void> {
    this.#events = events;
    return Promise.resolve();
  }

  async send(departure: Departure): Promise<void> {
    const response = await this.#exchange('POST', departure);
    const sessionId = response.headers['mcp-session-id'];
    if (typeof sessionId === 'string') this.#sessionId = sessionId;
    if (response.statusCode >= 400) await this.#refuse(response, departure);
    else if (response.statusCode === 202 || departure.idText === null) await response.body.dump();
    else await this.#receive(response, departure.idText);
  }

  agreed(protocolVersion: string): void {
    this.#protocolVersion = protocolVersion;
    void this.#listenForUnasked();
  }

  async close(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    if (this.#sessionId !== null) await this.#endSession();
    this.#ending.abort();
    await this.#agent.destroy();
    this.#events?.closed({
      category: 'connection_reset',
      message: `The connection to server "${this.#options.serverId}" was closed.`,
      wasAsked: true,
    });
  }

  async #exchange(method: 'POST' | 'GET' | 'DELETE', departure: Departure | null): Promise<Dispatcher.ResponseData> {
    const { config } = this.#options;
    const signals = [this.#ending.signal, ...(departure?.signal === undefined ? [] : [departure.signal])];
    try {
      return await request(config.url, {
        method,
        dispatcher: this.#agent,
        headers: this.#headers(method, departure),
        body: method === 'POST' && departure !== null ? departure.text : null,
        signal: AbortSignal.any(signals),
      });
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #headers(method: string, departure: Departure | null): Record<string, string> {
    const headers: Record<string, string> = { accept: acceptFor(method) };
    if (method === 'POST') headers['content-type'] = 'application/json';
    if (this.#sessionId !== null) headers['mcp-session-id'] = this.#sessionId;
    if (this.#protocolVersion !== null) headers['mcp-protocol-version'] = this.#protocolVersion;
    Object.assign(headers, lowerCased(this.#options.config.headers));
    const context = departure?.traceContext ?? null;
    if (context !== null) {
      headers['traceparent'] = context.traceparent;
      if (context.tracestate === null) delete headers['tracestate'];
      else headers['tracestate'] = context.tracestate;
    }
    return headers;
  }

  async #receive(response: Dispatcher.ResponseData, idText: string): Promise<void> {
    const type = String(response.headers['content-type'] ?? '');
    try {
      if (type.includes('text/event-stream')) await this.#readEvents(response.body, idText);
      else if (type.includes('application/json')) await this.#readWhole(response.body, idText);
      else {
        await response.body.dump();
        throw new UpstreamFailure(
          'mcp_protocol_error',
          `Server "${this.#options.serverId}" answered with content type "${type || 'none'}" where MCP wants application/json or text/event-stream.`,
        );
      }
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #readWhole(body: Dispatcher.ResponseData['body'], idText: string | null): Promise<void> {
    const chunks: Buffer[] = [];
    let firstByteAt: EpochMillis = 0;
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (length === 0) firstByteAt = this.#options.clock.now();
      length += chunk.length;
      if (length > MAX_BODY_CHARACTERS) throw this.#tooLarge();
      chunks.push(chunk);
    }
    this.#events?.message({ text: Buffer.concat(chunks).toString('utf8'), firstByteAt, relatedIdText: idText });
  }

  /** Hands on each event as it comes. The stream may end without the answer; then its call learns so. */
  async #readEvents(body: Dispatcher.ResponseData['body'], idText: string | null): Promise<void> {
    const { clock } = this.#options;
    let firstByteAt: EpochMillis = clock.now();
    let isFresh = true;
    const parser = createParser({
      onEvent: ({ data, event }) => {
        isFresh = true;
        // Priming events carry no data; other event types are not MCP's.
        if (data === '' || (event !== undefined && event !== 'message')) return;
        this.#events?.message({ text: data, firstByteAt, relatedIdText: idText });
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (isFresh) firstByteAt = clock.now();
      isFresh = false;
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
    if (idText !== null) this.#events?.answerEnded(idText);
  }

  async #refuse(response: Dispatcher.ResponseData, departure: Departure): Promise<void> {
    const { serverId } = this.#options;
    if (response.statusCode === 404 && this.#sessionId !== null) {
      await response.body.dump();
      throw new SessionExpired(serverId);
    }
    const type = String(response.headers['content-type'] ?? '');
    if (type.includes('application/json') && departure.idText !== null) {
      const text = await response.body.text();
      if (isRpcError(text)) {
        this.#events?.message({ text, firstByteAt: this.#options.clock.now(), relatedIdText: departure.idText });
        return;
      }
    } else await response.body.dump();
    throw new UpstreamFailure(
      categoryOfStatus(response.statusCode),
      `Server "${serverId}" refused the request with HTTP ${response.statusCode}.${adviceFor(response.statusCode)}`,
    );
  }

  /** The stream for messages nobody asked for. Servers may not offer it (405), and it may end at any time. */
  async #listenForUnasked(): Promise<void> {
    try {
      const response = await this.#exchange('GET', null);
      const type = String(response.headers['content-type'] ?? '');
      if (response.statusCode === 200 && type.includes('text/event-stream'))
        await this.#readEvents(response.body, null);
      else await response.body.dump();
    } catch {
      // Nobody waits for this stream; a server that is gone shows in the calls.
    }
  }

  async #endSession(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(CLOSE_TIMEOUT_MILLIS);
      const response = await this.#exchange('DELETE', { text: '', idText: null, traceContext: null, signal });
      await response.body.dump();
    } catch {
      // A server that is gone has no session left to end.
    }
  }

  #failure(error: unknown): UpstreamFailure {
    if (error instanceof UpstreamFailure) return error;
    const { serverId, config } = this.#options;
    if (error instanceof Error && error.name === 'AbortError') {
      return new UpstreamFailure('cancelled', `The request to server "${serverId}" was cancelled.`);
    }
    const { code, message } = innermostCause(error);
    const category = categoryOfCode(code);
    const where = new URL(config.url).host;
    if (category === 'connection_refused') {
      return new UpstreamFailure(
        category,
        `Nothing answers at ${where}: start server "${serverId}" or correct its address.`,
      );
    }
    return new UpstreamFailure(category, `Server "${serverId}" at ${where} could not be reached: ${message || code}.`);
  }

  #tooLarge(): UpstreamFailure {
    return new UpstreamFailure(
      'mcp_protocol_error',
      `Server "${this.#options.serverId}" sent an answer larger than ${MAX_BODY_CHARACTERS} bytes.`,
    );
  }
}

function acceptFor(method: string): string {
  return method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream';
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isRpcError(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'jsonrpc' in value && 'error' in value;
  } catch {
    return false;
  }
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return ' Check the Authorization header configured for it.';
  return status === 404 ? ' Check the path of its address.' : '';
}
