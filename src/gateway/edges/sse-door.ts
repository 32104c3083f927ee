import { randomUUID } from 'node:crypto';
import type { Frame, RequestFrame } from '../frame/frame.ts';
import { RPC_CODES } from '../routing/answer.ts';
import { isSameScope, type ClientSession, type Scope } from '../session/client-session.ts';
import type { Caller, Dispatch } from './dispatch.ts';
import { EventWriter } from './event-writer.ts';
import {
  exchangeStart,
  isKnown,
  refuseMethod,
  refuseUntraced,
  type DoorContext,
  type Exchange,
  type Visit,
} from './exchange.ts';
import { refuseNewClient, takeAnswer } from './post.ts';
import { receive, type Received } from './receive.ts';
import { acceptsStream } from './reply.ts';

/** A client of the older transport: the stream it holds open, and its session once it has sent `initialize`. */
interface StreamClient {
  readonly id: string;
  readonly scope: Scope;
  readonly stream: EventWriter;
  session: ClientSession | null;
}

/**
 * MCP HTTP+SSE (2024-11-05): a stream by GET, whose first event says where messages are to be sent; they are accepted
 * there and answered on the stream. The session ends with its stream, and its calls with it. A call's root lasts from its
 * POST until the answer was written to the stream (R38).
 */
export interface SseDoor {
  openStream(visit: Visit): void;
  takeMessage(visit: Visit): void;
  /** Ends every stream. */
  stop(): void;
}

export function createSseDoor(context: DoorContext, dispatch: Dispatch): SseDoor {
  const clients = new Map<string, StreamClient>();
  const door: Door = { context, dispatch, clients };
  const handle = (exchange: Exchange, received: Received): Promise<void> => take(exchange, received, door);
  return {
    openStream(visit) {
      if (visit.request.method === 'GET') open(visit, door);
      else
        refuseMethod(
          visit.response,
          'GET',
          'A GET here opens an event stream; its first event says where to send messages.',
        );
    },
    takeMessage(visit) {
      if (visit.request.method === 'POST')
        receive(visit, context, { handle, sessionOf: (asked) => clientOf(asked, clients)?.session ?? null });
      else refuseMethod(visit.response, 'POST', 'Send MCP messages with POST.');
    },
    stop() {
      for (const { stream } of clients.values()) stream.end();
    },
  };
}

interface Door {
  readonly context: DoorContext;
  readonly dispatch: Dispatch;
  readonly clients: Map<string, StreamClient>;
}

function open(visit: Visit, { context, clients }: Door): void {
  const { request, response, route, url } = visit;
  const { clock, observer, servers, virtualServers, sessions, maxSessions } = context;
  if (!acceptsStream(request)) {
    refuseUntraced(response, 406, 'A GET here opens an event stream: send "Accept: text/event-stream".');
    return;
  }
  if (!isKnown(route, servers, virtualServers)) {
    refuseUntraced(response, 404, 'There is no server of this name.');
    return;
  }
  if (clients.size >= maxSessions) {
    refuseUntraced(response, 503, 'Too many clients are connected; close one and try again.');
    return;
  }
  const id = randomUUID();
  clock.follow();
  const start = exchangeStart(visit, context, clock.now());
  const observation = observer.stream({ ...start, sessionId: id, resumedFrom: null });
  const stream = new EventWriter(response, ['x-correlation-id', observation.correlationId]);
  const client: StreamClient = { id, scope: route.scope, stream, session: null };
  clients.set(id, client);
  response.once('close', () => {
    clients.delete(id);
    if (client.session !== null) void sessions.close(client.session);
    observation.closed(stream.messages);
  });
  stream.announce('endpoint', `${messagePathOf(url.pathname)}?sessionId=${id}`);
}

/** `/servers/a/sse/` has its messages sent to `/servers/a/message`. */
function messagePathOf(pathname: string): string {
  return pathname.replace(/\/sse\/?$/, '/message');
}

async function take(exchange: Exchange, received: Received, door: Door): Promise<void> {
  const client = clientOf(exchange.visit, door.clients);
  if (client === undefined) {
    refuseClient(exchange, sessionIdOf(exchange.visit), received);
    return;
  }
  if (received.kind === 'one' && received.frame.kind === 'request' && received.frame.method === 'initialize') {
    await initialize(exchange, received.frame, client, door);
    return;
  }
  const { session } = client;
  if (session === null) {
    const message = 'This session has not begun: send initialize first.';
    exchange.refuse(400, { code: RPC_CODES.invalidRequest, message, idText: idTextOf(received) });
  } else if (received.kind === 'batch') await answerBatch(exchange, received.texts, client, session, door);
  else await takeOne(exchange, received.frame, client, session, door);
}

function sessionIdOf({ url }: Visit): string | null {
  return url.searchParams.get('sessionId');
}

function clientOf(visit: Visit, clients: Door['clients']): StreamClient | undefined {
  const client = clients.get(sessionIdOf(visit) ?? '');
  return client !== undefined && isSameScope(client.scope, visit.route.scope) ? client : undefined;
}

function refuseClient(exchange: Exchange, id: string | null, received: Received): void {
  const idText = idTextOf(received);
  if (id === null) {
    const message = 'The sessionId is missing: send messages to the address that the first event of the stream gave.';
    exchange.refuse(400, { code: RPC_CODES.invalidRequest, message, idText });
  } else {
    const message = 'This session is not known (any more): open a new stream.';
    exchange.refuse(404, { code: RPC_CODES.sessionNotFound, message, idText });
  }
}

async function initialize(exchange: Exchange, frame: RequestFrame, client: StreamClient, door: Door): Promise<void> {
  if (client.session !== null) {
    const message = 'This session has begun already: open another stream for another session.';
    exchange.refuse(400, { code: RPC_CODES.invalidRequest, message, idText: frame.idText });
    return;
  }
  const { sessions } = door.context;
  const session = sessions.openOnStream(client.id, client.scope, frame);
  if (session === null) {
    refuseNewClient(exchange, frame.idText);
    return;
  }
  client.session = session;
  if (await answer(exchange, frame, client, session, door)) {
    // News has to wait for the answer: a client knows nothing of its session before.
    session.listen(client.stream);
    return;
  }
  client.session = null;
  await sessions.close(session);
}

async function takeOne(
  exchange: Exchange,
  frame: Frame,
  client: StreamClient,
  session: ClientSession,
  door: Door,
): Promise<void> {
  switch (frame.kind) {
    case 'request':
      await answer(exchange, frame, client, session, door);
      return;
    case 'notification':
      exchange.acknowledge();
      await door.dispatch.notify(frame, { observation: exchange.observation, carries: exchange.carries, session });
      exchange.end({ kind: 'answered', statusCode: 202 });
      return;
    case 'result':
    case 'error':
      takeAnswer(exchange, frame, session);
  }
}

/** The session ends with its stream, and ends its calls. */
const WITH_ITS_SESSION: Caller = { endWithCaller: () => undefined };

/** Answers on the stream; true when the answer is a result. */
async function answer(
  exchange: Exchange,
  frame: RequestFrame,
  { stream }: StreamClient,
  session: ClientSession,
  { dispatch }: Door,
): Promise<boolean> {
  exchange.acknowledge();
  const { observation, carries } = exchange;
  const delivery = { observation, carries, session, stream, caller: WITH_ITS_SESSION };
  const { text, outcome } = await dispatch.answer(frame, delivery);
  if (stream.isOpen) {
    stream.send(text);
    exchange.end({ kind: 'answered', statusCode: 202, answer: outcome });
  } else exchange.end({ kind: 'disconnected' });
  return outcome.kind === 'result';
}

async function answerBatch(
  exchange: Exchange,
  texts: readonly string[],
  { stream }: StreamClient,
  session: ClientSession,
  { dispatch }: Door,
): Promise<void> {
  exchange.acknowledge();
  const { observation, carries } = exchange;
  const answers = await dispatch.batch(texts, { observation, carries, session, stream, caller: WITH_ITS_SESSION });
  if (stream.isOpen) {
    if (answers.length > 0) stream.send(`[${answers.join(',')}]`);
    exchange.end({ kind: 'answered', statusCode: 202 });
  } else exchange.end({ kind: 'disconnected' });
}

function idTextOf(received: Received): string | null {
  return received.kind === 'one' && 'idText' in received.frame ? received.frame.idText : null;
}
