import { randomUUID } from 'node:crypto';
import type { VirtualServers } from '../gateway/routing/virtual-servers.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { Redactor } from '../redaction/port.ts';
import type { ConsentRequest, ServerFeed } from '../shared/contract/messages.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { ServerConfig } from '../shared/domain/server.ts';
import { createListeners } from '../shared/kernel/listeners.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { viewOf, virtualViewOf } from './server-view.ts';
import type { ServerDirectory } from './services.ts';

/** Where servers that were agreed to are kept between runs. */
export interface ServerShelf {
  save(id: ServerId, config: ServerConfig): Promise<void>;
  remove(id: ServerId): Promise<void>;
}

export interface ServerDirectoryOptions {
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  readonly redactor: Redactor;
  readonly separator: string;
  /** Null keeps added servers for this run only. */
  readonly shelf: ServerShelf | null;
  /** Servers that somebody must agree to (again) before they may start; emptied as that happens. */
  readonly held: Set<ServerId>;
  /** Fills in references to the environment; throws a UserError that names what is not set. */
  readonly resolve: (id: ServerId, config: ServerConfig) => ServerConfig;
  /** Told before a server gets its secrets, so that they are known when it first speaks. */
  readonly onConfig: (config: ServerConfig) => void;
}

interface Proposal {
  readonly id: ServerId;
  /** As it was written: what is kept, so that a secret stays a reference. */
  readonly config: ServerConfig;
  /** As it is started. */
  readonly resolved: ServerConfig;
}

export interface StoppableDirectory extends ServerDirectory {
  stop(): void;
}

export const HELD_SENTENCE =
  'This server was added or changed outside the app and was not started. Add it again under the same name to review its command and start it.';

/** Proposals nobody answered are let go, oldest first. */
const MAX_PROPOSALS = 20;
/** News is gathered this long, so that a talkative server does not redraw every page for each line. */
const GATHER_MILLIS = 50;

export function createServerDirectory(options: ServerDirectoryOptions): StoppableDirectory {
  const { servers, redactor, separator, shelf } = options;
  const proposals = new Map<string, Proposal>();
  const news = createListeners<undefined>();
  let revision = 1;
  const stopListening = servers.onChange(() => {
    revision += 1;
    news.emit(undefined);
  });

  function feed(): ServerFeed {
    return {
      cursor: revision,
      servers: servers.all().map((server) => viewOf(server, separator, redactor)),
      virtualServers: [...options.virtualServers.all()].map(([id, config]) => virtualViewOf(id, config, servers)),
    };
  }

  function known(id: ServerId) {
    const server = servers.get(id);
    if (server === undefined) throw new UserError(`There is no server "${id}" any more.`);
    return server;
  }

  return {
    async watch(cursor, waitMs, signal) {
      if (cursor !== null && cursor >= revision && waitMs > 0) await nextNews(news, waitMs, signal);
      return feed();
    },
    propose(id, config) {
      const proposalId = randomUUID();
      proposals.set(proposalId, { id, config, resolved: options.resolve(id, config) });
      const oldest = proposals.keys().next();
      if (proposals.size > MAX_PROPOSALS && oldest.done !== true) proposals.delete(oldest.value);
      return { proposalId, id, replaces: servers.get(id) !== undefined, target: targetOf(config) };
    },
    async confirm(proposalId) {
      const proposal = proposals.get(proposalId);
      proposals.delete(proposalId);
      if (proposal === undefined) throw new UserError('This proposal is no longer open; add the server again.');
      options.held.delete(proposal.id);
      options.onConfig(proposal.resolved);
      await shelf?.save(proposal.id, proposal.config);
      await servers.add(proposal.id, proposal.resolved);
    },
    async restart(id) {
      if (options.held.has(id)) throw new UserError(HELD_SENTENCE);
      await servers.add(id, known(id).config);
    },
    async stopServer(id) {
      await known(id).stop();
    },
    async log(id, cursor, waitMs, signal) {
      const { log } = known(id);
      const after = cursor ?? 0;
      const deadline = performance.now() + waitMs;
      while (log.newest <= after && performance.now() < deadline && signal?.aborted !== true)
        await nextNews(news, Math.max(0, deadline - performance.now()), signal);
      const lines = log.since(after);
      const dropped = (lines[0]?.number ?? log.newest + 1) - after - 1;
      return { cursor: log.newest, dropped: cursor === null ? 0 : dropped, lines };
    },
    async remove(id) {
      await servers.remove(known(id).id);
      await shelf?.remove(id);
    },
    stop() {
      stopListening();
      news.emit(undefined);
    },
  };
}

function targetOf(config: ServerConfig): ConsentRequest['target'] {
  if (config.type !== 'stdio') return { type: config.type, url: config.url, headerNames: Object.keys(config.headers) };
  const { command, args, cwd } = config;
  return { type: 'stdio', command, args, envNames: Object.keys(config.env), cwd };
}

function nextNews(
  news: ReturnType<typeof createListeners<undefined>>,
  waitMs: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let gathering: NodeJS.Timeout | undefined;
    const finish = (): void => {
      stop();
      clearTimeout(timer);
      clearTimeout(gathering);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const stop = news.add(() => {
      gathering ??= setTimeout(finish, GATHER_MILLIS);
    });
    const timer = setTimeout(finish, waitMs);
    signal?.addEventListener('abort', finish, { once: true });
    if (signal?.aborted === true) finish();
  });
}
