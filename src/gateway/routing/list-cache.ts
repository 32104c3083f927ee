import type { Stop } from '../../shared/kernel/listeners.ts';
import type { ListKind } from '../upstream/catalog.ts';
import type { ServerRegistry } from '../upstream/server-registry.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';
import { isPublicNews } from './public-news.ts';

/**
 * The lists of servers whose one session all clients share, so that they are read once and not once for each client. A
 * server with sessions of their own may show each client other items: nothing of it is kept.
 */
export interface ListCache {
  read(server: UpstreamServer, kind: ListKind, read: () => Promise<readonly string[]>): Promise<readonly string[]>;
  readonly stop: Stop;
}

export function createListCache(servers: ServerRegistry): ListCache {
  let kept = new WeakMap<UpstreamServer, Map<ListKind, readonly string[]>>();
  const forget = (server: UpstreamServer): void => {
    kept.delete(server);
  };
  const stops = [
    servers.onConnected(forget),
    servers.onUnasked((server, frame) => {
      if (isPublicNews(frame.method)) forget(server);
    }),
  ];
  return {
    async read(server, kind, read) {
      if (server.settings.sessions !== 'shared') return await read();
      const lists = kept.get(server) ?? new Map<ListKind, readonly string[]>();
      const known = lists.get(kind);
      if (known !== undefined) return known;
      kept.set(server, lists);
      const items = await read();
      // Forgotten meanwhile: `lists` is nobody's any more, and what was read may be too old to keep.
      lists.set(kind, items);
      return items;
    },
    stop() {
      for (const stop of stops.splice(0)) stop();
      kept = new WeakMap();
    },
  };
}
