import { META, MODERN_VERSIONS } from '../era/envelope.ts';
import { leastFresh, NOT_TO_BE_KEPT, type Freshness } from '../era/freshness.ts';
import { isObject, type JsonObject } from '../frame/frame.ts';
import { PROTOCOL_VERSIONS } from '../upstream/handshake.ts';
import { outcomeOfFailure } from '../upstream/outcome.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import { failureAnswer, RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import type { ClientCall } from './forward.ts';
import { unknownServer, type IntroductionOptions } from './initialize.ts';
import {
  capabilitiesOf,
  instructionsOf,
  introductionFor,
  introductionsFor,
  serverInfoOf,
  type Introductions,
} from './introduction.ts';
import { settledSoon } from './lists.ts';
import type { View } from './view.ts';

/** What of a server's capabilities the stateless era has as an extension of another shape, or not at all. */
const LEFT_OUT: ReadonlySet<string> = new Set(['tasks']);

/** Answers `server/discover`: what the endpoint is, and in which revisions it can be spoken to. */
export async function answerDiscover(call: ClientCall, options: IntroductionOptions): Promise<Answer> {
  const { scope } = call.session;
  if (scope.kind === 'server') {
    const server = options.servers.get(scope.serverId);
    return server === undefined
      ? unknownServer(call, scope.serverId)
      : await discoverServer(call, server, options.introductions);
  }
  const view = options.views.of(scope);
  if (view === null) return unknownServer(call, scope.kind === 'virtual' ? scope.id : '');
  return await discoverView(call, view, options);
}

async function discoverServer(call: ClientCall, server: UpstreamServer, introductions: Introductions): Promise<Answer> {
  const { request, signal, operation } = call;
  operation.routed(server.id, null);
  try {
    await settledSoon(server, signal);
    const introduced = await introductionFor(call, server, introductions);
    if (introduced === null) {
      const { failure } = server.status();
      const why = failure === null ? '' : ` ${failure}`;
      return refusal(request.idText, RPC_CODES.internalError, `Server "${server.id}" is not connected.${why}`);
    }
    const { introduction, freshness } = introduced;
    const { result } = introduction.answer;
    const serverInfo = isObject(result) && isObject(result['serverInfo']) ? result['serverInfo'] : { name: server.id };
    const { capabilities, instructions } = introduction;
    return discovered(request.idText, { capabilities, instructions, serverInfo, freshness });
  } catch (error) {
    return failureAnswer(request.idText, outcomeOfFailure(error, server.settings.sanitize, null));
  }
}

async function discoverView(
  call: ClientCall,
  view: View,
  { introductions, gatewayVersion }: IntroductionOptions,
): Promise<Answer> {
  const introduced = await introductionsFor(call, view, introductions);
  // What of a server is not there now may be there the next time.
  const isWhole = introduced.length === view.servers().length;
  return discovered(call.request.idText, {
    capabilities: capabilitiesOf(view),
    instructions: instructionsOf(view, introduced),
    serverInfo: serverInfoOf(view, gatewayVersion),
    freshness: isWhole ? leastFresh(introduced.map(({ freshness }) => freshness)) : NOT_TO_BE_KEPT,
  });
}

interface Discovered {
  readonly capabilities: JsonObject;
  readonly instructions: string | null;
  readonly serverInfo: JsonObject;
  readonly freshness: Freshness;
}

function discovered(
  idText: string,
  { capabilities, instructions, serverInfo, freshness: { ttlMs, cacheScope } }: Discovered,
): Answer {
  return resultAnswer(idText, {
    resultType: 'complete',
    supportedVersions: [...MODERN_VERSIONS, ...PROTOCOL_VERSIONS],
    capabilities: Object.fromEntries(Object.entries(capabilities).filter(([name]) => !LEFT_OUT.has(name))),
    ...(instructions === null ? {} : { instructions }),
    ttlMs,
    cacheScope,
    _meta: { [META.serverInfo]: serverInfo },
  });
}
