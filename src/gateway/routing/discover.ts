import { isObject, type JsonObject } from '../frame/frame.ts';
import { META, MODERN_VERSIONS } from '../era/envelope.ts';
import { PROTOCOL_VERSIONS } from '../upstream/handshake.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import { RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import type { ClientCall } from './forward.ts';
import { unknownServer, type IntroductionOptions } from './initialize.ts';
import { capabilitiesOf, instructionsOf, serverInfoOf } from './introduction.ts';
import { allSettledSoon, settledSoon } from './lists.ts';
import type { View } from './view.ts';

/** What of a server's capabilities the stateless era has as an extension of another shape, or not at all. */
const LEFT_OUT: ReadonlySet<string> = new Set(['tasks']);

/** Answers `server/discover`: what the endpoint is, and in which revisions it can be spoken to. */
export async function answerDiscover(call: ClientCall, options: IntroductionOptions): Promise<Answer> {
  const { scope } = call.session;
  if (scope.kind === 'server') {
    const server = options.servers.get(scope.serverId);
    return server === undefined ? unknownServer(call, scope.serverId) : await discoverServer(call, server);
  }
  const view = options.views.of(scope);
  if (view === null) return unknownServer(call, scope.kind === 'virtual' ? scope.id : '');
  return await discoverView(call, view, options.gatewayVersion);
}

async function discoverServer({ request, signal, operation }: ClientCall, server: UpstreamServer): Promise<Answer> {
  operation.routed(server.id, null);
  await settledSoon(server, signal);
  const { introduction, failure } = server.status();
  if (introduction === null) {
    const why = failure === null ? '' : ` ${failure}`;
    return refusal(request.idText, RPC_CODES.internalError, `Server "${server.id}" is not connected.${why}`);
  }
  const { result } = introduction.answer;
  const serverInfo = isObject(result) && isObject(result['serverInfo']) ? result['serverInfo'] : { name: server.id };
  return discovered(request.idText, introduction.capabilities, introduction.instructions, serverInfo);
}

async function discoverView({ request, signal }: ClientCall, view: View, version: string): Promise<Answer> {
  await allSettledSoon(view, signal);
  return discovered(request.idText, capabilitiesOf(view), instructionsOf(view), serverInfoOf(view, version));
}

function discovered(
  idText: string,
  capabilities: JsonObject,
  instructions: string | null,
  serverInfo: JsonObject,
): Answer {
  return resultAnswer(idText, {
    resultType: 'complete',
    supportedVersions: [...MODERN_VERSIONS, ...PROTOCOL_VERSIONS],
    capabilities: Object.fromEntries(Object.entries(capabilities).filter(([name]) => !LEFT_OUT.has(name))),
    ...(instructions === null ? {} : { instructions }),
    // Servers come and go.
    ttlMs: 0,
    cacheScope: 'private',
    _meta: { [META.serverInfo]: serverInfo },
  });
}
