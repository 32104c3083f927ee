import type { RepeatedParameter } from '../era/tool-annotations.ts';
import { parametersOf } from '../era/tool-parameters.ts';
import type { NotificationFrame, RequestFrame } from '../frame/frame.ts';
import type { ClientSession, Scope } from '../session/client-session.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import { AggregateClient } from './aggregate-client.ts';
import { routeInView, type AggregateContext } from './aggregate.ts';
import { RPC_CODES, refusal, resultAnswer, type Answer } from './answer.ts';
import { forward, targetOf, type ClientCall } from './forward.ts';
import { answerDiscover } from './discover.ts';
import { answerInitialize } from './initialize.ts';
import type { Introductions } from './introduction.ts';
import type { OwnName } from './offers.ts';
import { passOnNotification, type ClientNotification } from './notify.ts';
import { forwardSubscription } from './subscriptions.ts';
import type { Views } from './view.ts';

/** Decides which servers a client's messages concern, and under which names. */
export interface Router {
  /** Answers a client's `initialize`; the version agreed on is left in the session. Never rejects. */
  initialize(call: ClientCall): Promise<Answer>;
  /** Answers `server/discover` (MCP 2026-07-28). Never rejects. */
  discover(call: ClientCall): Promise<Answer>;
  /** Answers any other request. Never rejects. */
  route(call: ClientCall): Promise<Answer>;
  /** The parameters that a call of a tool repeats in headers, as far as the tool is known (MCP 2026-07-28). */
  repeatedParameters(scope: Scope, request: RequestFrame): readonly RepeatedParameter[];
  /** Whose tool this is, and what its server calls it; null when there is none of this name. */
  ownerOfTool(scope: Scope, name: string): OwnName | null;
  /** Takes a client's notification to where it belongs. Never rejects. */
  notify(frame: NotificationFrame, notification: ClientNotification): Promise<void>;
}

export interface RouterOptions extends Omit<AggregateContext, 'view' | 'client'> {
  readonly servers: ServerRegistry;
  readonly views: Views;
  readonly introductions: Introductions;
  readonly gatewayVersion: string;
}

export function createRouter(options: RouterOptions): Router {
  const { servers, views, interceptor } = options;
  // What is known of a client goes with its session.
  const clients = new WeakMap<ClientSession, AggregateClient>();
  const clientOf = (session: ClientSession): AggregateClient => {
    const known = clients.get(session);
    if (known !== undefined) return known;
    const client = new AggregateClient(session, options);
    clients.set(session, client);
    return client;
  };

  async function routeAmongMany(call: ClientCall): Promise<Answer> {
    const view = views.of(call.session.scope);
    if (view === null) return unknownEndpoint(call);
    return await routeInView(call, { ...options, view, client: clientOf(call.session) });
  }

  function ownTool(scope: Scope, name: string): OwnName | null {
    if (scope.kind === 'server') {
      const server = servers.get(scope.serverId);
      return server === undefined ? null : { server, name };
    }
    const owner = options.offers.ownerOfName(name);
    return owner !== null && views.of(scope)?.shows(owner.server, 'tools', owner.name) === true ? owner : null;
  }

  return {
    ownerOfTool: ownTool,
    initialize: (call) => answerInitialize(call, options),
    discover: (call) => answerDiscover(call, options),
    repeatedParameters(scope, request) {
      if (request.method !== 'tools/call') return [];
      const tool = ownTool(scope, targetOf(request) ?? '');
      return tool === null ? [] : parametersOf(tool.server, tool.server.status().catalog.tools, tool.name);
    },
    notify: (frame, notification) => passOnNotification(frame, { ...notification, servers, views, clientOf }),
    async route(call) {
      const { session, request } = call;
      if (request.method === 'ping') return resultAnswer(request.idText, {});
      if (session.scope.kind !== 'server') return await routeAmongMany(call);
      const server = servers.get(session.scope.serverId);
      if (server === undefined) return unknownEndpoint(call);
      const destination = { server, target: targetOf(request), edits: [], client: null };
      return request.method.startsWith('resources/')
        ? await forwardSubscription(call, destination, options)
        : await forward(call, destination, interceptor);
    },
  };
}

function unknownEndpoint({ request, session: { scope } }: ClientCall): Answer {
  const id = scope.kind === 'virtual' ? scope.id : scope.kind === 'server' ? scope.serverId : '';
  return refusal(request.idText, RPC_CODES.invalidParams, `There is no server "${id}" any more.`);
}
