import { parseFrame, traceMetaOf, type Frame } from '../frame/frame.ts';
import { refusal, RPC_CODES } from '../routing/answer.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { MessageStream } from '../session/message-stream.ts';
import { accept, refuse, refuseSession, sessionOf, type Exchange, type PostContext } from './exchange.ts';
import { answerRequest, takeNotification } from './operation.ts';
import { acceptsStream, createReply } from './reply.ts';

const MAX_ENTRIES = 100;

/**
 * Answers a JSON-RPC batch, which MCP 2025-03-26 allows: one root, one operation per entry, all at the same time, and
 * one answer for those that ask for one (R42).
 */
export async function handleBatch(exchange: Exchange, texts: readonly string[], context: PostContext): Promise<void> {
  const session = sessionOf(exchange.request, exchange.route, context.sessions);
  if (texts.length === 0 || texts.length > MAX_ENTRIES) {
    const message = `A batch has 1 to ${MAX_ENTRIES} messages.`;
    refuse(exchange, 400, { code: RPC_CODES.invalidRequest, message, idText: null });
    return;
  }
  if (session === null) {
    refuseSession(exchange, null);
    return;
  }
  const { request, response, headers, observation } = exchange;
  const reply = createReply({ response, acceptsStream: acceptsStream(request), headers });
  const entries = await Promise.all(texts.map((text) => handleEntry(exchange, text, session, reply, context)));
  const answers = entries.filter((answer) => answer !== null);
  if (reply.wasAbandoned) observation.end({ kind: 'disconnected' });
  else if (answers.length === 0) accept(exchange);
  else {
    reply.finish(answers, true);
    observation.end({ kind: 'answered', statusCode: 200 });
  }
}

/** The answer's text, or null when the entry asks for none. */
async function handleEntry(
  exchange: Exchange,
  text: string,
  session: ClientSession,
  stream: MessageStream,
  context: PostContext,
): Promise<string | null> {
  const parsed = parseFrame(text);
  if (!parsed.ok) return refusal(parsed.error.idText ?? 'null', RPC_CODES.invalidRequest, parsed.error.message).text;
  const frame: Frame = parsed.value;
  const linkedMeta = traceMetaOf(frame);
  switch (frame.kind) {
    case 'request': {
      if (frame.method === 'initialize') {
        return refusal(frame.idText, RPC_CODES.invalidRequest, '"initialize" cannot be part of a batch.').text;
      }
      const route = context.router.route.bind(context.router);
      return (await answerRequest({ exchange, frame, session, stream, route, linkedMeta, context })).text;
    }
    case 'notification':
      await takeNotification(exchange, frame, session, context, linkedMeta);
      return null;
    case 'result':
    case 'error':
      session.answer(frame);
      return null;
  }
}
