import { messageTextsOf, parseFrame, traceMetaOf, type Frame, type RequestFrame } from '../frame/frame.ts';
import type { CallOutcome } from '../observer.ts';
import { RPC_CODES } from '../routing/answer.ts';
import type { Router } from '../routing/router.ts';
import type { ClientSession } from '../session/client-session.ts';
import { handleBatch } from './batch.ts';
import { readBody } from './body.ts';
import {
  accept,
  beginExchange,
  refuse,
  refuseSession,
  refuseTooLarge,
  sessionOf,
  type Exchange,
  type Post,
  type PostContext,
} from './exchange.ts';
import { answerRequest, takeNotification } from './operation.ts';
import { acceptsStream, createReply } from './reply.ts';

/** Answers one POST. Never rejects. */
export async function handlePost(post: Post, context: PostContext): Promise<void> {
  context.clock.follow();
  const receivedAt = context.clock.now();
  const body = await readBody(post.request, context.maxBodyBytes);
  if (!body.ok) {
    const exchange = beginExchange(post, context, receivedAt, null);
    if (body.error === 'disconnected') exchange.observation.end({ kind: 'disconnected' });
    else refuseTooLarge(exchange, context.maxBodyBytes);
    return;
  }
  const batch = messageTextsOf(body.value);
  if (batch !== null) {
    await handleBatch(beginExchange(post, context, receivedAt, null), batch, context);
    return;
  }
  const parsed = parseFrame(body.value);
  const exchange = beginExchange(post, context, receivedAt, parsed.ok ? traceMetaOf(parsed.value) : null);
  if (parsed.ok) {
    await dispatch(exchange, parsed.value, context);
    return;
  }
  const { kind, message, idText } = parsed.error;
  const code = kind === 'parse' ? RPC_CODES.parse : RPC_CODES.invalidRequest;
  refuse(exchange, 400, { code, message, idText });
}

async function dispatch(exchange: Exchange, frame: Frame, context: PostContext): Promise<void> {
  if (frame.kind === 'request' && frame.method === 'initialize') {
    await initialize(exchange, frame, context);
    return;
  }
  const session = sessionOf(exchange.request, exchange.route, context.sessions);
  if (session === null) {
    refuseSession(exchange, 'idText' in frame ? frame.idText : null);
    return;
  }
  switch (frame.kind) {
    case 'request':
      await answerAlone(exchange, frame, session, context, (call) => context.router.route(call));
      return;
    case 'notification':
      await takeNotification(exchange, frame, session, context, null);
      accept(exchange);
      return;
    case 'result':
    case 'error':
      if (session.answer(frame)) accept(exchange);
      else
        refuse(exchange, 400, {
          code: RPC_CODES.invalidRequest,
          message: 'Nobody is waiting for this answer.',
          idText: null,
        });
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
  const outcome = await answerAlone(named, frame, session, context, (call) => context.router.initialize(call));
  if (outcome.kind !== 'result') await sessions.close(session);
}

async function answerAlone(
  exchange: Exchange,
  frame: RequestFrame,
  session: ClientSession,
  context: PostContext,
  route: Router['route'],
): Promise<CallOutcome> {
  const { request, response, observation, headers } = exchange;
  const reply = createReply({ response, acceptsStream: acceptsStream(request), headers });
  const answer = await answerRequest({ exchange, frame, session, stream: reply, route, context, linkedMeta: null });
  if (reply.wasAbandoned) {
    observation.end({ kind: 'disconnected' });
    return answer.outcome;
  }
  reply.finish([answer.text]);
  observation.end({ kind: 'answered', statusCode: 200, answer: answer.outcome });
  return answer.outcome;
}
