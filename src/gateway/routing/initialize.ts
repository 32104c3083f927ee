import { isObject, type JsonObject, type RequestFrame } from '../frame/frame.ts';
import { LATEST_PROTOCOL_VERSION, PROTOCOL_VERSIONS } from '../upstream/handshake.ts';
import { openSession } from '../upstream/server-call.ts';
import { outcomeOfFailure } from '../upstream/upstream-session.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { settledSoon } from './aggregate.ts';
import { failureAnswer, RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import { passedOn, type ClientCall } from './forward.ts';

export interface InitializeOptions {
  readonly servers: ServerRegistry;
  readonly gatewayVersion: string;
}

/** Answers a client's `initialize`; the version agreed on is left in the session. Never rejects. */
export async function answerInitialize(call: ClientCall, options: InitializeOptions): Promise<Answer> {
  const { scope } = call.session;
  if (scope.kind !== 'server') return await introduceGateway(call, options);
  const server = options.servers.get(scope.serverId);
  if (server === undefined)
    return refusal(call.request.idText, RPC_CODES.invalidParams, `There is no server "${scope.serverId}".`);
  call.operation.routed(server.id, null);
  try {
    const { introduction } = await openSession({
      server,
      owner: call.session,
      operation: call.operation,
      signal: call.signal,
    });
    call.session.protocolVersion = introduction.protocolVersion;
    return passedOn(call.request, introduction.answer);
  } catch (error) {
    return failureAnswer(call.request.idText, outcomeOfFailure(error, server.settings.sanitize, null));
  }
}

async function introduceGateway(call: ClientCall, { servers, gatewayVersion }: InitializeOptions): Promise<Answer> {
  await Promise.all(servers.all().map((server) => settledSoon(server, call.signal).catch(() => undefined)));
  const protocolVersion = versionFor(call.request);
  call.session.protocolVersion = protocolVersion;
  return resultAnswer(call.request.idText, {
    protocolVersion,
    capabilities: capabilitiesOf(servers),
    serverInfo: { name: 'throughline', title: 'Throughline', version: gatewayVersion },
  });
}

/** The client's own version when we know it, else our newest, as the specification asks. */
function versionFor(request: RequestFrame): string {
  const wanted = request.params?.['protocolVersion'];
  return typeof wanted === 'string' && PROTOCOL_VERSIONS.includes(wanted) ? wanted : LATEST_PROTOCOL_VERSION;
}

/** What any server offers. Tools are always offered: servers may come while the client stays. */
function capabilitiesOf(servers: ServerRegistry): JsonObject {
  const offered = servers.all().map((server) => server.status().introduction?.capabilities ?? {});
  const has = (name: string): boolean => offered.some((capabilities) => name in capabilities);
  const subscribes = offered.some(({ resources }) => isObject(resources) && resources['subscribe'] === true);
  return {
    tools: { listChanged: true },
    ...(has('prompts') ? { prompts: { listChanged: true } } : {}),
    ...(has('resources') ? { resources: { listChanged: true, ...(subscribes ? { subscribe: true } : {}) } } : {}),
    ...(has('logging') ? { logging: {} } : {}),
    ...(has('completions') ? { completions: {} } : {}),
  };
}
