import type { VirtualServers } from '../gateway/routing/virtual-servers.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { UpstreamServer } from '../gateway/upstream/upstream-server.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { readServerLog } from './server-log.ts';
import { createServerNews } from './server-news.ts';
import { viewOf, virtualViewOf, type ServerViewSources } from './server-view.ts';
import type { ServerDirectory } from './services.ts';

export interface ServerWatchOptions extends ServerViewSources {
  readonly virtualServers: VirtualServers;
}

/** What pages may see of the servers. */
export interface ServerWatch extends Pick<ServerDirectory, 'watch' | 'log'> {
  /** Lets those go that wait. Idempotent. */
  stop(): void;
}

export function createServerWatch(options: ServerWatchOptions): ServerWatch {
  const { servers, virtualServers } = options;
  const news = createServerNews(servers, virtualServers);
  const logs = {
    logOf: (id: ServerId) => knownServer(servers, id).log,
    lines: news.lines,
    redact: (text: string) => options.redactor.text(text),
  };
  return {
    async watch(cursor, waitMs, signal) {
      if (cursor !== null && cursor >= news.revision) await news.changes.next(waitMs, signal);
      return {
        cursor: news.revision,
        servers: servers.all().map((server) => viewOf(server, options)),
        virtualServers: [...virtualServers.all()].map(([id, config]) => virtualViewOf(id, config, options)),
      };
    },
    log: (id, cursor, waitMs, signal) => readServerLog(logs, { id, cursor, waitMs }, signal),
    stop() {
      news.stop();
    },
  };
}

/** Throws a UserError when there is none of this name. */
export function knownServer(servers: ServerRegistry, id: ServerId): UpstreamServer {
  const server = servers.get(id);
  if (server === undefined) throw new UserError(`There is no server "${id}" any more.`);
  return server;
}
