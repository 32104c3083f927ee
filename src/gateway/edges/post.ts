import type { NotificationFrame, RequestFrame, ResponseFrame } from '../frame/frame.ts';
import type { CallOutcome } from '../observer.ts';
import { RPC_CODES } from '../routing/answer.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { Dispatch } from './dispatch.ts';
import type { Exchange } from './exchange.ts';
import type { Patience } from './patience.ts';
import type { Received } from './receive.ts';
import { Reply } from './reply.ts';

/** A POST whose answer goes back in its own response. */
export interface Post {
  readonly exchange: Exchange;
  readonly session: ClientSession;
  /** Null answers as plain JSON only. */
  readonly patience: Patience | null;
  readonly dispatch: Dispatch;
}

/** Answers whatever was posted. An `initialize` has no session yet, and is the door’s own to answer. */
export function takePost(post: Post, received: Received): Promise<unknown> {
  if (received.kind === 'batch') return answerBatch(post, received.texts);
  const { frame } = received;
  switch (frame.kind) {
    case 'request':
      return answerPost(post, frame);
    case 'notification':
      return takeNotification(post, frame);
    case 'result':
    case 'error':
      takeAnswer(post.exchange, frame, post.session);
      return Promise.resolve();
  }
}

/** Answers one request; resolves with the outcome when it is there. `headers` are names and values in turn. */
export async function answerPost(
  post: Post,
  frame: RequestFrame,
  headers: readonly string[] = [],
): Promise<CallOutcome> {
  const { exchange, session, dispatch } = post;
  const reply = replyTo(post, headers);
  const { observation, carries } = exchange;
  const delivery = { observation, carries, session, stream: reply, caller: reply };
  const { text, outcome } = await dispatch.answer(frame, delivery);
  reply.finish(text, (wasTaken) => {
    exchange.end(wasTaken ? { kind: 'answered', statusCode: 200, answer: outcome } : { kind: 'disconnected' });
  });
  return outcome;
}

async function answerBatch(post: Post, texts: readonly string[]): Promise<void> {
  const { exchange, session, dispatch } = post;
  const reply = replyTo(post, []);
  const { observation, carries, visit } = exchange;
  const answers = await dispatch.batch(texts, { observation, carries, session, stream: reply, caller: reply });
  reply.finishBatch(answers, (wasTaken) => {
    const { statusCode } = visit.response;
    exchange.end(wasTaken ? { kind: 'answered', statusCode } : { kind: 'disconnected' });
  });
}

async function takeNotification({ exchange, session, dispatch }: Post, frame: NotificationFrame): Promise<void> {
  const { observation, carries } = exchange;
  await dispatch.notify(frame, { observation, carries, session });
  exchange.accept();
}

/** Takes a client's answer to a server's request. */
export function takeAnswer(exchange: Exchange, frame: ResponseFrame, session: ClientSession): void {
  if (session.answer(frame)) {
    exchange.accept();
    return;
  }
  const message = 'Nobody is waiting for this answer.';
  exchange.refuse(400, { code: RPC_CODES.invalidRequest, message, idText: null });
}

export function refuseNewClient(exchange: Exchange, idText: string | null): void {
  const message = 'Too many clients are connected; close one and try again.';
  exchange.refuse(503, { code: RPC_CODES.upstreamFailed, message, idText });
}

function replyTo({ exchange, session, patience }: Post, headers: readonly string[]): Reply {
  const { visit, observation } = exchange;
  return new Reply({
    response: visit.response,
    session,
    patience,
    headers: ['x-correlation-id', observation.correlationId, ...headers],
  });
}
