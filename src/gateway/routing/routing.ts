import type { ClientSessions } from '../session/client-sessions.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { ListKind } from '../upstream/catalog.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import type { Interceptor } from '../interceptor.ts';
import { announceNews } from './announce.ts';
import type { Introductions } from './introduction.ts';
import { LeftOut } from './left-out.ts';
import { createAnswerCache } from './list-cache.ts';
import { createOffers } from './offers.ts';
import { createRouter, type Router } from './router.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createViews } from './view.ts';
import type { VirtualServers } from './virtual-servers.ts';

export interface RoutingOptions {
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  readonly sessions: Pick<ClientSessions, 'all'>;
  readonly interceptor: Interceptor;
  /** Between a server's prefix and its own name for a tool or prompt, where several servers' names stand side by side. */
  readonly toolNameSeparator: string;
  readonly gatewayVersion: string;
}

/** Everything between the clients' sessions and the servers. */
export interface Routing {
  readonly router: Router;
  /** The URI under which a server's resource is offered at `/mcp`: its own unless another server has it too. */
  exposedUri(server: UpstreamServer, uri: string): string;
  stop(): void;
}

export function createRouting(options: RoutingOptions): Routing {
  const { servers, virtualServers, sessions, interceptor, toolNameSeparator, gatewayVersion } = options;
  const offers = createOffers({ servers, separator: toolNameSeparator });
  const views = createViews({ servers, virtualServers });
  const lists = createAnswerCache<ListKind, readonly string[]>(servers);
  const introductions: Introductions = createAnswerCache(servers);
  const subscriptions = createSubscriptions(() => sessions.all());
  const leftOut = new LeftOut();
  const router = createRouter({
    servers,
    views,
    offers,
    lists,
    introductions,
    subscriptions,
    leftOut,
    interceptor,
    gatewayVersion,
  });
  const stopNews = announceNews({ sessions, servers, virtualServers, views, offers, subscriptions, leftOut });
  return {
    router,
    exposedUri: (server, uri) => offers.exposedUri(server, uri),
    stop() {
      stopNews();
      lists.stop();
      introductions.stop();
      offers.stop();
    },
  };
}
