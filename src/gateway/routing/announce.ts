import type { ServerId } from '../../shared/domain/ids.ts';
import type { Stop } from '../../shared/kernel/listeners.ts';
import { notificationText } from '../frame/compose.ts';
import type { NotificationFrame } from '../frame/frame.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { ClientSessions } from '../session/client-sessions.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { Catalog, UpstreamServer } from '../upstream/upstream-server.ts';
import { changesBetween, EMPTY_CATALOG, isSeen, shownItems, type ListChange } from './catalog-changes.ts';
import type { LeftOut } from './left-out.ts';
import type { Offers } from './offers.ts';
import { isPublicNews, listChangedMethod, newsFor, RESOURCE_UPDATED } from './public-news.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { ItemKind, View, Views } from './view.ts';
import type { VirtualServers } from './virtual-servers.ts';

export interface AnnounceOptions {
  readonly sessions: Pick<ClientSessions, 'all'>;
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  readonly views: Views;
  readonly offers: Offers;
  readonly subscriptions: Subscriptions;
  readonly leftOut: LeftOut;
}

/** Tells clients of news that no session of their own with a server carries, each of them once. */
export function announceNews(options: AnnounceOptions): Stop {
  const { sessions, servers, virtualServers, views } = options;
  const catalogs = new CatalogWatch(options);
  const shown = new Map<ServerId, View>();
  /** Its clients hear of what they see from now on, or no longer. */
  const redefined = (id: ServerId): void => {
    const before = shown.get(id) ?? null;
    const after = views.of({ kind: 'virtual', id });
    if (after === null) shown.delete(id);
    else shown.set(id, after);
    const kinds = KINDS.filter((kind) => shownItems(before, kind) !== shownItems(after, kind));
    for (const session of sessions.all())
      if (session.scope.kind === 'virtual' && session.scope.id === id) tellOf(session, kinds);
  };
  const stops: Stop[] = [
    servers.onChange(() => {
      catalogs.look();
    }),
    servers.onUnasked((server, frame) => {
      if (server.sharesSession) broadcast(server, frame, options);
    }),
    virtualServers.onChange(redefined),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

const KINDS: readonly ItemKind[] = ['tools', 'prompts', 'resources'];

function tellOf(session: ClientSession, kinds: Iterable<ItemKind>): void {
  for (const kind of kinds) session.tell(notificationText(listChangedMethod(kind)));
}

/** On a shared session news about lists and resources is for all of its clients; the rest might be another's. */
function broadcast(server: UpstreamServer, frame: NotificationFrame, options: AnnounceOptions): void {
  if (!isPublicNews(frame.method)) return;
  const { sessions, subscriptions, views, offers } = options;
  const uri = frame.method === RESOURCE_UPDATED ? frame.params?.['uri'] : undefined;
  const subscribers = typeof uri === 'string' ? subscriptions.subscribersOf(server.id, uri) : [];
  // With a server of sessions, whoever subscribed elsewhere than here must not miss it.
  const isForAll = uri === undefined || (subscribers.length === 0 && server.settings.sessions === 'shared');
  for (const session of isForAll ? sessions.all() : subscribers) {
    const view = views.of(session.scope);
    if (view !== null) {
      const news = newsFor(frame, { server, view, offers });
      if (news !== null) session.tell(news.text);
    } else if (session.scope.kind === 'server' && session.scope.serverId === server.id) session.tell(frame.text);
  }
}

interface KnownServer {
  readonly catalog: Catalog;
  /** It was away since its lists were last looked at. */
  wasAway: boolean;
}

/** Notices when a server's lists have become others, by what the gateway's own session reads. */
class CatalogWatch {
  readonly #options: AnnounceOptions;
  readonly #known = new Map<ServerId, KnownServer>();

  constructor(options: AnnounceOptions) {
    this.#options = options;
  }

  look(): void {
    const { servers } = this.#options;
    for (const server of servers.all()) this.#lookAt(server);
    for (const [id, known] of this.#known) if (servers.get(id) === undefined) this.#left(id, known);
  }

  #lookAt(server: UpstreamServer): void {
    const { catalog, state } = server.status();
    const before = this.#known.get(server.id);
    if (state !== 'connected') {
      if (before !== undefined) before.wasAway = true;
      return;
    }
    if (before?.catalog === catalog && !before.wasAway) return;
    this.#known.set(server.id, { catalog, wasAway: false });
    const changes = before?.catalog === catalog ? [] : changesBetween(before?.catalog ?? EMPTY_CATALOG, catalog);
    for (const session of this.#options.sessions.all()) {
      const isBack = before?.wasAway !== false && this.#options.leftOut.take(session, server.id);
      const news = isBack ? changesBetween(EMPTY_CATALOG, catalog) : changes;
      if (news.length > 0 && !this.#hearsItself(session, server, before)) this.#tell(session, server, news);
    }
  }

  /**
   * A change that a server announced reaches the clients that have a session with it on that session. One that came with
   * a new connection is told to all: their own sessions may be of the time before. A client of this server alone that was
   * there first has seen no other lists yet.
   */
  #hearsItself(session: ClientSession, server: UpstreamServer, before: KnownServer | undefined): boolean {
    if (before === undefined) return session.scope.kind === 'server';
    return !before.wasAway && server.peek(session.id) !== undefined;
  }

  /** What it had is gone from every list; the entry stays, so that its clients hear when it is back with others. */
  #left(id: ServerId, { catalog }: KnownServer): void {
    if (catalog === EMPTY_CATALOG) return;
    this.#known.set(id, { catalog: EMPTY_CATALOG, wasAway: true });
    const changes = changesBetween(catalog, EMPTY_CATALOG);
    for (const session of this.#options.sessions.all()) this.#tell(session, { id }, changes);
  }

  #tell(session: ClientSession, server: Pick<UpstreamServer, 'id'>, changes: readonly ListChange[]): void {
    const { scope } = session;
    const view = this.#options.views.of(scope);
    const isOwn = scope.kind === 'server' && scope.serverId === server.id;
    const seen = changes.filter((change) => (view === null ? isOwn : isSeen(change, view, server)));
    tellOf(session, new Set(seen.map(({ kind }) => kind)));
  }
}
