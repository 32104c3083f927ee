import { isModernVersion } from '../era/envelope.ts';
import { isObject, type RequestFrame } from '../frame/frame.ts';
import { LATEST_PROTOCOL_VERSION, PROTOCOL_VERSIONS, type Introduction } from '../upstream/handshake.ts';
import { openSession } from '../upstream/server-call.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { outcomeOfFailure } from '../upstream/outcome.ts';
import { failureAnswer, RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import { passedOn, type ClientCall } from './forward.ts';
import { capabilitiesOf, instructionsOf, serverInfoOf } from './introduction.ts';
import { allSettledSoon } from './lists.ts';
import type { View, Views } from './view.ts';

export interface InitializeOptions {
  readonly servers: ServerRegistry;
  readonly gatewayVersion: string;
}

export interface IntroductionOptions extends InitializeOptions {
  readonly views: Views;
}

/** Answers a client's `initialize`; the version agreed on is left in the session. Never rejects. */
export async function answerInitialize(call: ClientCall, options: IntroductionOptions): Promise<Answer> {
  const { scope } = call.session;
  if (scope.kind === 'server') return await introduceServer(call, scope.serverId, options.servers);
  const view = options.views.of(scope);
  if (view === null) return unknownServer(call, scope.kind === 'virtual' ? scope.id : '');
  return await introduceView(call, view, options.gatewayVersion);
}

async function introduceServer(call: ClientCall, serverId: string, servers: ServerRegistry): Promise<Answer> {
  const server = servers.get(serverId);
  if (server === undefined) return unknownServer(call, serverId);
  const { request, session, operation, signal } = call;
  operation.routed(server.id, null);
  try {
    const { introduction } = await openSession({ server, owner: session, operation, signal });
    if (isModernVersion(introduction.protocolVersion)) return introduceModern(call, introduction);
    session.protocolVersion = introduction.protocolVersion;
    return passedOn(request, introduction.answer);
  } catch (error) {
    return failureAnswer(request.idText, outcomeOfFailure(error, server.settings.sanitize, null));
  }
}

/** To its client, a server without a handshake is one of the client's own revision. */
function introduceModern({ request, session }: ClientCall, { answer }: Introduction): Answer {
  const protocolVersion = versionFor(request);
  session.protocolVersion ??= protocolVersion;
  return resultAnswer(request.idText, { ...(isObject(answer.result) ? answer.result : {}), protocolVersion });
}

async function introduceView({ request, session, signal }: ClientCall, view: View, version: string): Promise<Answer> {
  await allSettledSoon(view, signal);
  const protocolVersion = versionFor(request);
  session.protocolVersion = protocolVersion;
  const instructions = instructionsOf(view);
  return resultAnswer(request.idText, {
    protocolVersion,
    capabilities: capabilitiesOf(view),
    serverInfo: serverInfoOf(view, version),
    ...(instructions === null ? {} : { instructions }),
  });
}

/** The client's own version when we know it, else our newest, as the specification asks. */
function versionFor(request: RequestFrame): string {
  const wanted = request.params?.['protocolVersion'];
  return typeof wanted === 'string' && PROTOCOL_VERSIONS.includes(wanted) ? wanted : LATEST_PROTOCOL_VERSION;
}

export function unknownServer(call: ClientCall, id: string): Answer {
  return refusal(call.request.idText, RPC_CODES.invalidParams, `There is no server "${id}".`);
}
