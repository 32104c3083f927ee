import { isModernVersion } from '../era/envelope.ts';
import { isObject, type RequestFrame } from '../frame/frame.ts';
import { LATEST_PROTOCOL_VERSION, PROTOCOL_VERSIONS, type Introduction } from '../upstream/handshake.ts';
import { openSession } from '../upstream/server-call.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { outcomeOfFailure } from '../upstream/outcome.ts';
import { failureAnswer, RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import { passedOn, type ClientCall } from './forward.ts';
import {
  capabilitiesOf,
  instructionsOf,
  introductionFor,
  introductionsFor,
  serverInfoOf,
  type Introductions,
} from './introduction.ts';
import type { View, Views } from './view.ts';

export interface IntroductionOptions {
  readonly servers: ServerRegistry;
  readonly views: Views;
  readonly introductions: Introductions;
  readonly gatewayVersion: string;
}

/** Answers a client's `initialize`; the version agreed on is left in the session. Never rejects. */
export async function answerInitialize(call: ClientCall, options: IntroductionOptions): Promise<Answer> {
  const { scope } = call.session;
  if (scope.kind === 'server') return await introduceServer(call, scope.serverId, options);
  const view = options.views.of(scope);
  if (view === null) return unknownServer(call, scope.kind === 'virtual' ? scope.id : '');
  return await introduceView(call, view, options);
}

async function introduceServer(call: ClientCall, serverId: string, options: IntroductionOptions): Promise<Answer> {
  const { servers, introductions } = options;
  const server = servers.get(serverId);
  if (server === undefined) return unknownServer(call, serverId);
  const { request, session, operation, signal } = call;
  operation.routed(server.id, null);
  try {
    const { introduction } = await openSession({ server, owner: session, operation, signal });
    if (isModernVersion(introduction.protocolVersion)) {
      const introduced = await introductionFor(call, server, introductions);
      return introduceModern(call, introduced?.introduction ?? introduction);
    }
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

async function introduceView(call: ClientCall, view: View, options: IntroductionOptions): Promise<Answer> {
  const { request, session } = call;
  const introduced = await introductionsFor(call, view, options.introductions);
  const protocolVersion = versionFor(request);
  session.protocolVersion = protocolVersion;
  const instructions = instructionsOf(view, introduced);
  return resultAnswer(request.idText, {
    protocolVersion,
    capabilities: capabilitiesOf(view),
    serverInfo: serverInfoOf(view, options.gatewayVersion),
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
