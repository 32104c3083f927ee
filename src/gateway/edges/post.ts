import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, EpochMillis } from '../clock.ts';
import { errorText } from '../frame/compose.ts';
import {
  isObject,
  parseFrame,
  type Frame,
  type NotificationFrame,
  type RequestFrame,
  type ResponseFrame,
} from '../frame/frame.ts';
import type { CallOutcome, ExchangeObservation, Observer } from '../observer.ts';
import { RPC_CODES, type Answer } from '../routing/answer.ts';
import { answerInitialize, type InitializeOptions } from '../routing/initialize.ts';
import { passOnNotification } from '../routing/notify.ts';
import { targetOf, type Router } from '../routing/router.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { readBody } from './body.ts';
import { NO_SESSION, sessionOf } from './mcp-door.ts';
import { createReply, type Reply } from './reply.ts';
import type { McpRoute } from './route.ts';

export interface PostContext extends InitializeOptions {
  readonly clock: Clock;
  readonly observer: Observer;
  readonly router: Router;
  readonly sessions: ClientSessions;
  readonly maxBodyBytes: number;
}

export interface Post {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: McpRoute;
}

/** One POST with its trace: everything below answers it exactly once. */
interface Exchange extends Post {
  readonly observation: ExchangeObservation;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers one POST. Never rejects. */
export async function handlePost(post: Post, context: PostContext): Promise<void> {
  context.clock.follow();
  const receivedAt = context.clock.now();
  const body = await readBody(post.request, context.maxBodyBytes);
  if (!body.ok) {
    const exchange = begin(post, context, receivedAt, null);
    if (body.error === 'disconnected') exchange.observation.end({ kind: 'disconnected' });
    else refuseTooLarge(exchange, context.maxBodyBytes);
    return;
  }
  const parsed = parseFrame(body.value);
  if (!parsed.ok) {
    const { kind, message, idText } = parsed.error;
    const code = kind === 'parse' ? RPC_CODES.parse : RPC_CODES.invalidRequest;
    refuse(begin(post, context, receivedAt, null), 400, { code, message, idText });
    return;
  }
  await dispatch(begin(post, context, receivedAt, parsed.value), parsed.value, context);
}

function begin(post: Post, { observer, servers }: PostContext, receivedAt: EpochMillis, frame: Frame | null): Exchange {
  const { request, url, route } = post;
  const params = frame !== null && 'params' in frame ? frame.params : null;
  const meta = params?.['_meta'];
  const observation = observer.exchange({
    receivedAt,
    method: request.method ?? 'POST',
    route: route.template,
    // The id of a server that is not there is the caller's text, not a name of ours (R5).
    path: isKnown(route, servers) ? url.pathname : route.template,
    query: url.search.slice(1),
    httpVersion: request.httpVersion,
    headers: singleValued(request),
    clientAddress: request.socket.remoteAddress ?? null,
    serverPort: request.socket.localPort ?? null,
    meta: isObject(meta) ? meta : null,
  });
  return { ...post, observation, headers: { 'x-correlation-id': observation.correlationId } };
}

function isKnown({ scope }: McpRoute, servers: ServerRegistry): boolean {
  return scope.kind === 'all' || servers.get(scope.serverId) !== undefined;
}

async function dispatch(exchange: Exchange, frame: Frame, context: PostContext): Promise<void> {
  const { sessions } = context;
  if (frame.kind === 'request' && frame.method === 'initialize') {
    await initialize(exchange, frame, context);
    return;
  }
  const session = sessionOf(exchange.request, exchange.route, sessions);
  if (session === null) {
    refuseSession(exchange, 'idText' in frame ? frame.idText : null);
    return;
  }
  switch (frame.kind) {
    case 'request':
      await answerRequest(exchange, frame, session, (call) => context.router.route(call));
      return;
    case 'notification':
      await takeNotification(exchange, frame, session, context);
      return;
    case 'result':
    case 'error':
      takeAnswer(exchange, frame, session);
  }
}

async function initialize(exchange: Exchange, frame: RequestFrame, context: PostContext): Promise<void> {
  const { sessions } = context;
  const session = sessions.open(exchange.route.scope, frame);
  if (session === null) {
    const message = 'Too many clients are connected; close one and try again.';
    refuse(exchange, 503, { code: RPC_CODES.upstreamFailed, message, idText: frame.idText });
    return;
  }
  const named = { ...exchange, headers: { ...exchange.headers, 'mcp-session-id': session.id } };
  const outcome = await answerRequest(named, frame, session, (call) => answerInitialize(call, context));
  if (outcome.kind !== 'result') await sessions.close(session);
}

type RouteCall = (call: Parameters<Router['route']>[0]) => Promise<Answer>;

/** Handles a request from its first to its last span; ends it as cancelled when the client leaves before the answer. */
async function answerRequest(
  exchange: Exchange,
  frame: RequestFrame,
  session: ClientSession,
  route: RouteCall,
): Promise<CallOutcome> {
  const { response, observation } = exchange;
  const operation = observation.operation(operationStart(frame, session));
  if (session.calls.has(frame.idText)) {
    const message = 'A request with this id is still being answered.';
    const outcome: CallOutcome = { kind: 'error', code: RPC_CODES.invalidRequest, message, messageText: null };
    operation.end(outcome);
    refuse(exchange, 400, { code: RPC_CODES.invalidRequest, message, idText: frame.idText });
    return outcome;
  }
  const ending = new AbortController();
  session.calls.set(frame.idText, ending);
  const reply = createReply({ response, acceptsStream: acceptsStream(exchange.request), headers: exchange.headers });
  const left = onLeaving(response, ending);
  const answer = await route({ session, request: frame, operation, stream: reply, signal: ending.signal });
  session.calls.delete(frame.idText);
  operation.end(answer.outcome);
  if (left.hasLeft()) observation.end({ kind: 'disconnected' });
  else send(reply, answer, observation);
  return answer.outcome;
}

function send(reply: Reply, answer: Answer, observation: ExchangeObservation): void {
  reply.finish(answer.text, 200);
  observation.end({ kind: 'answered', statusCode: 200, answer: answer.outcome });
}

async function takeNotification(
  exchange: Exchange,
  frame: NotificationFrame,
  session: ClientSession,
  context: PostContext,
): Promise<void> {
  const operation = exchange.observation.operation(operationStart(frame, session));
  await passOnNotification(frame, session, context.servers);
  operation.end({ kind: 'accepted' });
  accept(exchange);
}

function takeAnswer(exchange: Exchange, frame: ResponseFrame, session: ClientSession): void {
  if (session.answer(frame)) accept(exchange);
  else
    refuse(exchange, 400, {
      code: RPC_CODES.invalidRequest,
      message: 'Nobody is waiting for this answer.',
      idText: null,
    });
}

function operationStart(frame: RequestFrame | NotificationFrame, session: ClientSession) {
  return {
    method: frame.method,
    requestIdText: frame.kind === 'request' ? frame.idText : null,
    params: frame.params,
    messageText: frame.text,
    target: frame.kind === 'request' ? targetOf(frame) : null,
    serverId: session.scope.kind === 'server' ? session.scope.serverId : null,
    sessionId: session.id,
    protocolVersion: session.protocolVersion,
    clientName: session.clientName,
  };
}

function accept(exchange: Exchange): void {
  exchange.response.writeHead(202, { ...exchange.headers, 'content-length': 0 }).end();
  exchange.observation.end({ kind: 'answered', statusCode: 202 });
}

function refuseSession(exchange: Exchange, idText: string | null): void {
  const isNamed = exchange.request.headers['mcp-session-id'] !== undefined;
  if (isNamed) refuse(exchange, 404, { code: RPC_CODES.sessionNotFound, message: NO_SESSION, idText });
  else {
    const message = 'The Mcp-Session-Id header is missing; send initialize first.';
    refuse(exchange, 400, { code: RPC_CODES.invalidRequest, message, idText });
  }
}

interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly idText: string | null;
}

function refuse(exchange: Exchange, statusCode: number, { code, message, idText }: Refusal): void {
  const text = errorText(idText, { code, message });
  const body = Buffer.from(text);
  const { response } = exchange;
  response.writeHead(statusCode, {
    ...exchange.headers,
    'content-type': 'application/json',
    'content-length': body.length,
  });
  response.end(body);
  exchange.observation.end({
    kind: 'answered',
    statusCode,
    answer: { kind: 'error', code, message, messageText: text },
  });
}

/** The rest of the body is not read: the connection ends with the answer. */
function refuseTooLarge(exchange: Exchange, maxBytes: number): void {
  const message = `The message is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB, the most this gateway takes.`;
  const closing = { ...exchange, headers: { ...exchange.headers, connection: 'close' } };
  refuse(closing, 413, { code: RPC_CODES.invalidRequest, message, idText: null });
}

function acceptsStream(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('text/event-stream') || accept.includes('*/*');
}

function onLeaving(response: ServerResponse, ending: AbortController): { hasLeft(): boolean } {
  response.once('close', () => {
    if (!response.writableFinished) ending.abort();
  });
  return { hasLeft: () => response.destroyed && !response.writableFinished };
}

function singleValued(request: IncomingMessage): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const name of ['traceparent', 'tracestate', 'baggage', 'user-agent', 'x-correlation-id']) {
    const value = request.headers[name];
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}
