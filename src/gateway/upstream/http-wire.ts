import type { ServerId } from '../../shared/domain/ids.ts';
import type { HttpServerConfig } from '../../shared/domain/server.ts';
import { categoryOfCode, categoryOfStatus, UpstreamFailure } from '../failure.ts';
import type { TraceContext } from '../observer.ts';
import type { HttpConnections } from './http-connections.ts';
import type { HttpExchange } from './http-exchange.ts';
import { innermostCause } from '../../shared/kernel/innermost-cause.ts';

export interface HttpWireOptions {
  readonly serverId: ServerId;
  readonly config: HttpServerConfig;
  readonly connections: HttpConnections;
}

export interface PostOptions {
  /** In place of the server's own. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** More than any MCP message needs; what is larger is cut off. */
export const MAX_MESSAGE_LENGTH = 128 * 1024 * 1024;

/** Computed for each message alone, so no fixed header may stand in their place (R59). */
const PER_MESSAGE_HEADERS = new Set(['traceparent', 'tracestate', 'baggage']);

/** One session's requests to its server: the headers that stay are written once, those of a message as it is sent. */
export class HttpWire {
  readonly serverId: ServerId;
  readonly #connections: HttpConnections;
  readonly #configured: Readonly<Record<string, string>>;
  readonly #path: string;
  readonly #host: string;
  readonly #open = new Set<HttpExchange>();
  #sessionId: string | null = null;
  #protocolVersion: string | null = null;
  #headers: Readonly<Record<'POST' | 'GET' | 'DELETE', readonly string[]>>;

  constructor({ serverId, config, connections }: HttpWireOptions) {
    const url = new URL(config.url);
    this.serverId = serverId;
    this.#connections = connections;
    this.#configured = configuredHeaders(config.headers);
    this.#path = url.pathname + url.search;
    this.#host = url.host;
    this.#headers = this.#fixedHeaders();
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** Repeats a session id on every request from now on. */
  belongTo(sessionId: string): void {
    if (sessionId === this.#sessionId) return;
    this.#sessionId = sessionId;
    this.#headers = this.#fixedHeaders();
  }

  agreed(protocolVersion: string): void {
    this.#protocolVersion = protocolVersion;
    this.#headers = this.#fixedHeaders();
  }

  post(exchange: HttpExchange, text: string, context: TraceContext | null, options: PostOptions = {}): void {
    const { path = this.#path, headers: own = {} } = options;
    const headers = [...this.#headers.POST, ...Object.entries(own).flat()];
    if (context !== null) {
      headers.push('traceparent', context.traceparent);
      if (context.tracestate !== null) headers.push('tracestate', context.tracestate);
    }
    this.#begin(exchange, 'POST', path, headers, text);
  }

  /** Opens an event stream, after the event with this id when there is one. */
  get(exchange: HttpExchange, lastEventId: string | null): void {
    const headers = [...this.#headers.GET];
    if (lastEventId !== null) headers.push('last-event-id', lastEventId);
    this.#begin(exchange, 'GET', this.#path, headers, null);
  }

  delete(exchange: HttpExchange): void {
    this.#begin(exchange, 'DELETE', this.#path, [...this.#headers.DELETE], null);
  }

  /** An exchange is over. */
  forget(exchange: HttpExchange): void {
    this.#open.delete(exchange);
  }

  /** Gives up every exchange under way. */
  abortAll(): void {
    for (const exchange of [...this.#open]) exchange.abort();
  }

  /** What an error of the connection means. */
  failureOf(error: Error): UpstreamFailure {
    if (error instanceof UpstreamFailure) return error;
    const { code, message } = innermostCause(error);
    const category = categoryOfCode(code);
    if (category === 'connection_refused') {
      return new UpstreamFailure(
        category,
        `Nothing answers at ${this.#host}: start server "${this.serverId}" or correct its address.`,
        { cause: error },
      );
    }
    const what = (message || code).replace(/\.$/, '');
    const sentence = `Server "${this.serverId}" at ${this.#host} could not be reached: ${what}.`;
    return new UpstreamFailure(category, sentence, { cause: error });
  }

  /** What an HTTP status other than success means. */
  refusal(status: number): UpstreamFailure {
    return new UpstreamFailure(
      categoryOfStatus(status),
      `Server "${this.serverId}" refused the request with HTTP ${status}.${adviceFor(status)}`,
    );
  }

  wrongType(type: string, wanted: string): UpstreamFailure {
    return new UpstreamFailure(
      'mcp_protocol_error',
      `Server "${this.serverId}" answered with content type "${type || 'none'}" where MCP wants ${wanted}.`,
    );
  }

  tooLarge(): UpstreamFailure {
    return new UpstreamFailure(
      'mcp_protocol_error',
      `Server "${this.serverId}" sent an answer larger than ${MAX_MESSAGE_LENGTH} bytes.`,
    );
  }

  #begin(
    exchange: HttpExchange,
    method: 'POST' | 'GET' | 'DELETE',
    path: string,
    headers: string[],
    body: string | null,
  ): void {
    this.#open.add(exchange);
    this.#connections.begin({ method, path, headers, body }, exchange);
  }

  #fixedHeaders(): Readonly<Record<'POST' | 'GET' | 'DELETE', readonly string[]>> {
    const session: Record<string, string> = {};
    if (this.#sessionId !== null) session['mcp-session-id'] = this.#sessionId;
    if (this.#protocolVersion !== null) session['mcp-protocol-version'] = this.#protocolVersion;
    const flat = (own: Readonly<Record<string, string>>): readonly string[] =>
      Object.entries({ ...own, ...session, ...this.#configured }).flat();
    return {
      POST: flat({ accept: 'application/json, text/event-stream', 'content-type': 'application/json' }),
      GET: flat({ accept: 'text/event-stream' }),
      DELETE: flat({}),
    };
  }
}

function configuredHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(named.filter(([name]) => !PER_MESSAGE_HEADERS.has(name)));
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return ' Check the Authorization header configured for it.';
  return status === 404 ? ' Check the path of its address.' : '';
}
