import type { RequestFrame } from '../frame/frame.ts';
import type { Dispatch } from './dispatch.ts';
import { refuseMethod, type DoorContext, type Exchange, type Visit } from './exchange.ts';
import { answerPost, refuseNewClient, takePost } from './post.ts';
import { receive, type Received } from './receive.ts';

/**
 * JSON-RPC for callers without a session, over all servers: every POST is answered as plain JSON by itself. They share
 * one session with each server, so a server's requests and what it says during a call have nobody to go to here.
 */
export function createRpcDoor(context: DoorContext, dispatch: Dispatch): (visit: Visit) => void {
  const handle = (exchange: Exchange, received: Received): Promise<void> => take(exchange, received, context, dispatch);
  return (visit) => {
    if (visit.request.method === 'POST') receive(visit, context, { handle, sessionOf: () => null });
    else refuseMethod(visit.response, 'POST', 'Send JSON-RPC requests with POST.');
  };
}

async function take(exchange: Exchange, received: Received, context: DoorContext, dispatch: Dispatch): Promise<void> {
  const frame = received.kind === 'one' ? received.frame : null;
  if (frame?.kind === 'request' && frame.method === 'initialize') {
    await initialize(exchange, frame, context, dispatch);
    return;
  }
  await takePost({ exchange, session: context.sessions.ofNobody(), patience: null, dispatch }, received);
}

/** Answers who asks all the same, for the session of a moment: what is agreed on binds nobody else. */
async function initialize(
  exchange: Exchange,
  frame: RequestFrame,
  { sessions }: DoorContext,
  dispatch: Dispatch,
): Promise<void> {
  const session = sessions.open(exchange.visit.route.scope, frame);
  if (session === null) {
    refuseNewClient(exchange, frame.idText);
    return;
  }
  await answerPost({ exchange, session, patience: null, dispatch }, frame);
  await sessions.close(session);
}
