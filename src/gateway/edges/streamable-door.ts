import { isModern, isModernVersion } from '../era/envelope.ts';
import { errorText } from '../frame/compose.ts';
import type { RequestFrame } from '../frame/frame.ts';
import type { Dispatch } from './dispatch.ts';
import { refuseMethod, refuseUntraced, sendJson, type DoorContext, type Exchange, type Visit } from './exchange.ts';
import { listen } from './listen.ts';
import type { ModernDoor } from './modern-door.ts';
import { answerPost, refuseNewClient, takePost, type Post } from './post.ts';
import { receive, type Received } from './receive.ts';
import { acceptsStream } from './reply.ts';
import { sessionOf, sessionRefusal } from './session-header.ts';

/** MCP Streamable HTTP (2025-03-26 and later): messages by POST, a stream for news by GET, the end by DELETE. */
export function createStreamableDoor(
  context: DoorContext,
  dispatch: Dispatch,
  modern: ModernDoor,
): (visit: Visit) => void {
  const handle = (exchange: Exchange, received: Received): Promise<void> => {
    const frame = received.kind === 'one' ? received.frame : null;
    const version = versionOf(exchange.visit);
    if (frame?.kind === 'request' && isModern(frame, version)) return modern.take(exchange, frame);
    if (frame?.kind === 'notification' && isModernVersion(version)) {
      // Nothing that a client of that era could tell over HTTP concerns anybody.
      exchange.accept();
      return Promise.resolve();
    }
    return take(exchange, received, context, dispatch);
  };
  const reception = {
    handle,
    sessionOf: ({ request, route }: Visit) => sessionOf(request, route, context.sessions),
  };
  return (visit) => {
    if (visit.request.method !== 'POST' && isModernVersion(versionOf(visit))) {
      refuseMethod(visit.response, 'POST', 'MCP 2026-07-28 has no streams and no sessions to ask for here: send POST.');
      return;
    }
    switch (visit.request.method) {
      case 'POST':
        receive(visit, context, reception);
        return;
      case 'GET':
        openStream(visit, context);
        return;
      case 'DELETE':
        void endSession(visit, context);
        return;
      default:
        refuseMethod(visit.response, 'POST, GET, DELETE', 'Send MCP messages with POST.');
    }
  };
}

function versionOf({ request }: Visit): string | undefined {
  const version = request.headers['mcp-protocol-version'];
  return typeof version === 'string' ? version : undefined;
}

async function take(exchange: Exchange, received: Received, context: DoorContext, dispatch: Dispatch): Promise<void> {
  const { request, route } = exchange.visit;
  const patience = acceptsStream(request) ? context.patience : null;
  const frame = received.kind === 'one' ? received.frame : null;
  if (frame?.kind === 'request' && frame.method === 'initialize') {
    await initialize(exchange, frame, context, { patience, dispatch });
    return;
  }
  const session = sessionOf(request, route, context.sessions);
  if (session === null) {
    const { statusCode, ...refusal } = sessionRefusal(request);
    exchange.refuse(statusCode, { ...refusal, idText: frame !== null && 'idText' in frame ? frame.idText : null });
    return;
  }
  await takePost({ exchange, session, patience, dispatch }, received);
}

async function initialize(
  exchange: Exchange,
  frame: RequestFrame,
  { sessions }: DoorContext,
  post: Pick<Post, 'patience' | 'dispatch'>,
): Promise<void> {
  const session = sessions.open(exchange.visit.route.scope, frame);
  if (session === null) {
    refuseNewClient(exchange, frame.idText);
    return;
  }
  const outcome = await answerPost({ ...post, exchange, session }, frame, ['mcp-session-id', session.id]);
  if (outcome.kind !== 'result') await sessions.close(session);
}

function openStream(visit: Visit, context: DoorContext): void {
  const { request, response, route } = visit;
  if (!(request.headers.accept ?? '').includes('text/event-stream')) {
    refuseUntraced(response, 406, 'A GET here opens an event stream: send "Accept: text/event-stream".');
    return;
  }
  const session = sessionOf(request, route, context.sessions);
  if (session === null) refuseSession(visit);
  else listen(visit, session, context);
}

async function endSession(visit: Visit, { sessions }: DoorContext): Promise<void> {
  const session = sessionOf(visit.request, visit.route, sessions);
  if (session === null) {
    refuseSession(visit);
    return;
  }
  await sessions.close(session);
  visit.response.writeHead(200, ['content-length', '0']).end();
}

function refuseSession({ request, response }: Visit): void {
  const { statusCode, code, message } = sessionRefusal(request);
  sendJson(response, statusCode, errorText(null, { code, message }));
}
