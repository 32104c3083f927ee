import type { UpstreamCallObservation } from '../observer.ts';
import { errorText, resultText, type RpcError } from '../frame/compose.ts';
import { parseFrame, type RequestFrame, type ResponseFrame } from '../frame/frame.ts';
import type { ModernNews } from './modern-news.ts';
import type { OpenSession } from './session-pool.ts';

const FORMER: ReadonlySet<string> = new Set(['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']);

/** Whether a request sets something on a session, which the stateless era has no more. */
export function isFormer({ method }: RequestFrame): boolean {
  return FORMER.has(method);
}

export interface FormerContext {
  readonly opened: OpenSession;
  readonly news: Pick<ModernNews, 'watch'>;
  readonly call: UpstreamCallObservation;
}

/**
 * Answers such a request in the place of a server of the stateless era. What it sets is kept with what the owner wishes:
 * the log level goes with each of the owner's requests, a subscription with what the gateway listens to.
 */
export async function answerFormer(request: RequestFrame, context: FormerContext): Promise<ResponseFrame> {
  const { opened, news, call } = context;
  const refused = (error: RpcError): ResponseFrame => asResponse(errorText(request.idText, error));
  if (request.method === 'logging/setLevel' && !('logging' in opened.introduction.capabilities))
    return refused({ code: -32601, message: 'Method not found' });
  if (request.method === 'resources/subscribe') {
    const uri = request.params?.['uri'];
    if (typeof uri !== 'string') return refused({ code: -32602, message: 'A resource needs a "uri".' });
    if (!(await news.watch(uri, opened, call)))
      return refused({ code: -32602, message: `The server does not report on the resource "${uri}".` });
  }
  return asResponse(resultText(request.idText, {}));
}

function asResponse(text: string): ResponseFrame {
  const parsed = parseFrame(text);
  if (!parsed.ok || (parsed.value.kind !== 'result' && parsed.value.kind !== 'error'))
    throw new Error('The gateway composed something that is no answer.');
  return parsed.value;
}
