import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, EpochMillis } from '../clock.ts';
import { errorText } from '../frame/compose.ts';
import type { ExchangeObservation, Observer } from '../observer.ts';
import { RPC_CODES } from '../routing/answer.ts';
import type { InitializeOptions } from '../routing/initialize.ts';
import type { Router } from '../routing/router.ts';
import type { VirtualServers } from '../routing/virtual-servers.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { discardRest } from './body.ts';
import type { McpRoute } from './route.ts';

export interface PostContext extends InitializeOptions {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly router: Router;
  readonly sessions: ClientSessions;
  readonly virtualServers: VirtualServers;
  readonly maxBodyBytes: number;
  /** Told of failures that should not happen; their callers only hear that something failed. */
  readonly onDefect: (error: unknown) => void;
}

export interface Post {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: McpRoute;
}

/** One POST with its trace. It is answered, and its observation ended, exactly once. */
export interface Exchange extends Post {
  readonly observation: ExchangeObservation;
  readonly headers: Readonly<Record<string, string>>;
}

/** `meta` is the message's own trace context; a batch has none of its own. */
export function beginExchange(
  post: Post,
  { observer, servers }: PostContext,
  receivedAt: EpochMillis,
  meta: Readonly<Record<string, unknown>> | null,
): Exchange {
  const { request, url, route } = post;
  const observation = observer.exchange({
    receivedAt,
    method: request.method ?? 'POST',
    route: route.template,
    // The id of a server that is not there is the caller's text, not a name of ours (R5).
    path: isKnown(route, servers) ? url.pathname : route.template,
    query: url.search.slice(1),
    httpVersion: request.httpVersion,
    headers: singleValued(request),
    serverPort: request.socket.localPort ?? null,
    meta,
  });
  return { ...post, observation, headers: { 'x-correlation-id': observation.correlationId } };
}

export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly idText: string | null;
}

/** Answers with an error of the gateway's own and ends the exchange. */
export function refuse(exchange: Exchange, statusCode: number, { code, message, idText }: Refusal): void {
  const text = errorText(idText, { code, message });
  sendError(exchange.response, statusCode, text, exchange.headers);
  exchange.observation.end({
    kind: 'answered',
    statusCode,
    answer: { kind: 'error', code, message, messageText: text },
  });
}

/** Takes what needs no answer. */
export function accept(exchange: Exchange): void {
  exchange.response.writeHead(202, { ...exchange.headers, 'content-length': 0 }).end();
  exchange.observation.end({ kind: 'answered', statusCode: 202 });
}

export function refuseTooLarge(exchange: Exchange, maxBytes: number): void {
  const message = `The message is larger than ${maxBytes} bytes, the most this gateway takes (gateway.maxBodyBytes).`;
  refuse(exchange, 413, { code: RPC_CODES.invalidRequest, message, idText: null });
  discardRest(exchange.request);
}

/** Sends an error of the gateway's own, as JSON-RPC. */
export function sendError(
  response: ServerResponse,
  statusCode: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(text);
  const describing = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(statusCode, { ...headers, ...describing }).end(body);
}

/** Why a request without a session of ours is refused: it names one that is gone, or none. */
export function sessionRefusal(request: IncomingMessage): Omit<Refusal, 'idText'> & { readonly statusCode: number } {
  if (request.headers['mcp-session-id'] === undefined) {
    const message = 'The Mcp-Session-Id header is missing; send initialize first.';
    return { statusCode: 400, code: RPC_CODES.invalidRequest, message };
  }
  const message = 'This session is not known (any more); send initialize to begin a new one.';
  return { statusCode: 404, code: RPC_CODES.sessionNotFound, message };
}

export function refuseSession(exchange: Exchange, idText: string | null): void {
  const { statusCode, ...refusal } = sessionRefusal(exchange.request);
  refuse(exchange, statusCode, { ...refusal, idText });
}

/** The session a request names in `Mcp-Session-Id`, within the endpoint's own scope. */
export function sessionOf(request: IncomingMessage, route: McpRoute, sessions: ClientSessions): ClientSession | null {
  const id = request.headers['mcp-session-id'];
  return typeof id === 'string' ? sessions.find(id, route.scope) : null;
}

function isKnown({ scope }: McpRoute, servers: ServerRegistry): boolean {
  return scope.kind !== 'server' || servers.get(scope.serverId) !== undefined;
}

function singleValued(request: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const name of ['traceparent', 'tracestate', 'baggage', 'user-agent', 'x-correlation-id']) {
    const value = request.headers[name];
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}
