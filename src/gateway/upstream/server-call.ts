import { isModernVersion, MODERN_CODES } from '../era/envelope.ts';
import { parameterHeaders } from '../era/parameter-headers.ts';
import { withoutInvalidTools } from '../era/tool-annotations.ts';
import { learnParameters, parametersOf } from '../era/tool-parameters.ts';
import { SessionExpired } from '../failure.ts';
import type { NotificationFrame, RequestFrame, ResponseFrame } from '../frame/frame.ts';
import type { OperationObservation, UpstreamCallObservation } from '../observer.ts';
import { readList } from './catalog.ts';
import type { OpenSession, SessionOwner } from './session-pool.ts';
import { answerFormer, isFormer } from './former-requests.ts';
import { progressOf } from './progress.ts';
import { outcomeOf, outcomeOfFailure } from './outcome.ts';
import type { UpstreamSession } from './upstream-session.ts';
import type { UpstreamServer } from './upstream-server.ts';

/** Passes on what the server sends during the call. */
export type RelatedListener = (frame: RequestFrame | NotificationFrame, from: OpenSession) => void;

export interface ServerCall {
  readonly server: UpstreamServer;
  readonly owner: SessionOwner;
  readonly operation: OperationObservation;
  readonly request: RequestFrame;
  readonly signal: AbortSignal;
  /** The server's own name of the tool or prompt. */
  readonly target: string | null;
  readonly onRelated: RelatedListener | null;
  /** What the caller said in headers that nobody here knows: a server of the stateless era gets them as they are. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly baggage?: string | null | undefined;
  /** The server answers with an event stream: it takes its time. */
  readonly onStreaming?: (() => void) | undefined;
  /** In place of the server's own setting; 0 waits as long as the caller does. */
  readonly timeoutMillis?: number | undefined;
}

/**
 * Makes one request to a server under an `mcp.client.call`, opening a session first when the owner has none. A server
 * that has forgotten the session did nothing, so the request is sent once more on a new one, as a second attempt. So is a
 * call whose headers did not say what the server wanted, when its list of tools wants others now (MCP 2026-07-28).
 */
export async function callServer(call: ServerCall): Promise<ResponseFrame> {
  try {
    const answer = await attempt(call, 1);
    const isMisread = answer.kind === 'error' && answer.code === MODERN_CODES.headerMismatch;
    return isMisread && (await wantsOtherHeaders(call)) ? await attempt(call, 2) : answer;
  } catch (error) {
    if (!(error instanceof SessionExpired)) throw error;
    return await attempt(call, 2);
  }
}

/** Opens the owner's session under a call of its own: what a client's `initialize` asks for. */
export async function openSession(
  call: Pick<ServerCall, 'server' | 'owner' | 'operation' | 'signal'>,
): Promise<OpenSession> {
  const { server, owner, operation, signal } = call;
  const observation = operation.upstreamCall(startOf(server, 'initialize', null, 1));
  try {
    const opened = await server.session(owner, observation, signal);
    observation.agreed(opened.introduction.protocolVersion);
    observation.end(outcomeOf(opened.introduction.answer, opened.introduction.answer.text));
    return opened;
  } catch (error) {
    observation.end(outcomeOfFailure(error, server.settings.sanitize, null));
    throw error;
  }
}

async function attempt(call: ServerCall, number: number): Promise<ResponseFrame> {
  const { server, owner, request, signal } = call;
  const observation = call.operation.upstreamCall(startOf(server, request.method, call.target, number));
  try {
    const opened = await server.session(owner, observation, signal);
    observation.agreed(opened.introduction.protocolVersion);
    const progress = progressOf(request, owner.isShared === true || server.sharesSession ? 'shared' : 'dedicated');
    const isModern = isModernVersion(opened.introduction.protocolVersion);
    if (isModern && isFormer(request)) return await settledHere(call, opened, observation);
    const answer = await opened.session.request(progress.request, {
      ownerId: owner.id,
      initialize: owner.initialize,
      headers: headersFor(call, opened),
      baggage: call.baggage,
      logLevel: isModern ? server.logLevelFor(owner.id) : null,
      call: observation,
      signal,
      timeoutMillis: call.timeoutMillis ?? server.settings.requestTimeoutMillis,
      progressTokenText: progress.tokenText,
      onRelated: (frame) => call.onRelated?.(progress.restore(frame), opened),
      onStreaming: call.onStreaming,
    });
    server.answered(owner, request, answer);
    observation.end(outcomeOf(answer, answer.text));
    if (!isModern || request.method !== 'tools/list') return answer;
    const list = withoutInvalidTools(answer);
    learnParameters(server, server.status().catalog.tools, list);
    return list;
  } catch (error) {
    observation.end(outcomeOfFailure(error, server.settings.sanitize, null));
    throw error;
  }
}

/** What a server of the stateless era is never asked. */
async function settledHere(
  { server, owner, request }: ServerCall,
  opened: OpenSession,
  observation: UpstreamCallObservation,
): Promise<ResponseFrame> {
  const answer = await answerFormer(request, { opened, news: server.news, call: observation });
  server.answered(owner, request, answer);
  observation.end(outcomeOf(answer, null));
  return answer;
}

/** Has the gateway's own connection bring news, under a call that ends when the server has agreed to. */
export function listenToNews(
  server: UpstreamServer,
  operation: OperationObservation,
  opened: OpenSession,
): Promise<void> {
  return server.news.begin(opened, () => operation.upstreamCall(startOf(server, 'subscriptions/listen', null, 1)));
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** More of what the request's POST says: what its caller said, and its arguments by what is known of the tool. */
function headersFor(call: ServerCall, { introduction }: OpenSession): Readonly<Record<string, string>> {
  if (!isModernVersion(introduction.protocolVersion)) return NO_HEADERS;
  const { headers = NO_HEADERS } = call;
  const repeated = repeatedHeaders(call);
  return repeated === NO_HEADERS ? headers : { ...headers, ...repeated };
}

/** By what the server last said of its tools. */
function repeatedHeaders({ server, request }: ServerCall): Readonly<Record<string, string>> {
  if (request.method !== 'tools/call') return NO_HEADERS;
  const { name, arguments: args } = request.params ?? {};
  const parameters = parametersOf(server, server.status().catalog.tools, name);
  return parameters.length === 0 ? NO_HEADERS : parameterHeaders(parameters, args);
}

/** Reads a server's tools, which were learned from the list on its way, and tells whether the call goes otherwise now. */
async function wantsOtherHeaders(call: ServerCall): Promise<boolean> {
  if (call.request.method !== 'tools/call') return false;
  const before = JSON.stringify(repeatedHeaders(call));
  const readPage = (request: RequestFrame): Promise<ResponseFrame> =>
    attempt({ ...call, request, target: null, onRelated: null, headers: NO_HEADERS }, 1);
  // Without the list, what the server said to the call stands.
  await readList('tool', readPage).catch(() => undefined);
  return JSON.stringify(repeatedHeaders(call)) !== before;
}

/** Tells a server a client's notification, when it has an open session for this owner. Never rejects. */
export async function notifyServer(
  server: UpstreamServer,
  session: Pick<UpstreamSession, 'notify'>,
  frame: NotificationFrame,
  { operation, baggage }: Pick<ServerCall, 'operation' | 'baggage'>,
): Promise<void> {
  const observation = operation.upstreamNotification(startOf(server, frame.method, null, 1));
  const { traceContext, sent } = observation;
  const failure = await session.notify(frame, { traceContext, sent, baggage });
  observation.end(failure === null ? { kind: 'accepted' } : outcomeOfFailure(failure, server.settings.sanitize, null));
}

function startOf(server: UpstreamServer, method: string, target: string | null, attemptNumber: number) {
  return {
    serverId: server.id,
    method,
    target,
    transport: server.config.type,
    address: server.address,
    attempt: attemptNumber,
  };
}
