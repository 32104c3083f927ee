import type { NotificationFrame, RequestFrame } from '../frame/frame.ts';
import type { OperationStart } from '../observer.ts';
import { refusal, RPC_CODES, type Answer } from '../routing/answer.ts';
import { targetOf, type Router } from '../routing/router.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { MessageStream } from '../session/message-stream.ts';
import type { Exchange, PostContext } from './exchange.ts';

export interface RequestToAnswer {
  readonly exchange: Exchange;
  readonly frame: RequestFrame;
  readonly session: ClientSession;
  /** Where messages go that come before the answer. */
  readonly stream: MessageStream;
  readonly route: Router['route'];
  readonly context: PostContext;
  /** The trace context of a batch's entry, to be linked; null where it is the root's parent already. */
  readonly linkedMeta: Readonly<Record<string, unknown>> | null;
}

/** Handles one request under its operation span; ends it as cancelled when the client leaves before the answer. */
export async function answerRequest({
  exchange,
  frame,
  session,
  stream,
  route,
  linkedMeta,
  context,
}: RequestToAnswer): Promise<Answer> {
  const operation = exchange.observation.operation(operationStart(frame, session, linkedMeta));
  const call = { session, request: frame, operation, stream };
  if (session.calls.has(frame.idText)) {
    const answer = refusal(frame.idText, RPC_CODES.invalidRequest, 'A request with this id is still being answered.');
    operation.end(answer.outcome);
    return answer;
  }
  const ending = new AbortController();
  const onClose = (): void => {
    if (!exchange.response.writableFinished) ending.abort();
  };
  session.calls.set(frame.idText, ending);
  exchange.response.once('close', onClose);
  const answer = await answered(() => route({ ...call, signal: ending.signal }), frame, context);
  exchange.response.off('close', onClose);
  session.calls.delete(frame.idText);
  operation.end(answer.outcome);
  return answer;
}

async function answered(route: () => Promise<Answer>, frame: RequestFrame, { onDefect }: PostContext): Promise<Answer> {
  try {
    return await route();
  } catch (error) {
    onDefect(error);
    return refusal(frame.idText, RPC_CODES.internalError, 'The gateway failed while it handled this call.');
  }
}

export async function takeNotification(
  exchange: Exchange,
  frame: NotificationFrame,
  session: ClientSession,
  { router }: PostContext,
  linkedMeta: Readonly<Record<string, unknown>> | null,
): Promise<void> {
  const operation = exchange.observation.operation(operationStart(frame, session, linkedMeta));
  await router.notify(frame, session);
  operation.end({ kind: 'accepted' });
}

function operationStart(
  frame: RequestFrame | NotificationFrame,
  session: ClientSession,
  linkedMeta: Readonly<Record<string, unknown>> | null,
): OperationStart {
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
    linkedMeta,
  };
}
