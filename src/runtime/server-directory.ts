import type { ServerId } from '../shared/domain/ids.ts';
import type { ServerConfig } from '../shared/domain/server.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import type { ConfiguredServer, ServerProblem } from './config/config.ts';
import { resolveServer, type ReferenceSources } from './config/references.ts';
import { createProposals } from './proposals.ts';
import type { ServerShelf } from './server-shelf.ts';
import { createServerWatch, knownServer, type ServerWatchOptions } from './server-watch.ts';
import type { ServerDirectory } from './services.ts';
import type { InTurn } from './turns.ts';

export interface ServerDirectoryOptions extends ServerWatchOptions {
  /** The servers of the config file. */
  readonly configured: ReadonlyMap<ServerId, ConfiguredServer>;
  readonly shelf: ServerShelf;
  /** Where references of servers lead, now: asked again at each start of a server. */
  readonly sources: ReferenceSources;
  /** Told before a server gets its secrets, so that they are known when it first speaks. */
  readonly onConfig: (config: ServerConfig) => void;
  /** What changes which servers there are happens one at a time. */
  readonly inTurn: InTurn;
}

export interface StoppableDirectory extends ServerDirectory {
  /** Begins to connect what the config file holds, but for what must not start. */
  start(): Promise<void>;
  stop(): void;
}

export function createServerDirectory(options: ServerDirectoryOptions): StoppableDirectory {
  const { servers, virtualServers, shelf, sources, inTurn } = options;
  const { watch, log, stop } = createServerWatch(options);
  const proposals = createProposals(sources);
  const written = new Map([...options.configured].map(([id, server]) => [id, server.written]));
  const problems = new Map<ServerId, ServerProblem>();

  function refuseNameOfVirtual(id: ServerId): void {
    if (virtualServers.get(id) === undefined) return;
    throw new UserError(`There is a virtual server named "${id}" already; choose another name.`);
  }

  async function startServer(id: ServerId, resolved: ServerConfig): Promise<void> {
    problems.delete(id);
    options.onConfig(resolved);
    await servers.add(id, resolved);
  }

  return {
    watch,
    log,
    stop,
    async start() {
      for (const [id, server] of options.configured) {
        if ('resolved' in server) {
          await startServer(id, server.resolved);
        } else {
          problems.set(id, server.problem);
          await servers.hold(id, server.written, server.problem.sentence);
        }
      }
    },
    propose(id, config) {
      refuseNameOfVirtual(id);
      return { ...proposals.add(id, config), id, replaces: servers.get(id) !== undefined };
    },
    confirm: (proposalId) =>
      inTurn(async () => {
        const proposal = proposals.take(proposalId);
        const { id, secrets, resolved } = proposal;
        try {
          refuseNameOfVirtual(id);
          await shelf.save(id, proposal.written, secrets);
        } catch (error) {
          // Whoever agreed may mend what was wrong and agree again.
          proposals.putBack(proposalId, proposal);
          throw error;
        }
        written.set(id, proposal.written);
        await startServer(id, resolved);
      }),
    restart: (id) =>
      inTurn(async () => {
        const { config } = knownServer(servers, id);
        const problem = problems.get(id);
        if (problem?.needs === 'review') throw new UserError(problem.sentence);
        await startServer(id, resolveServer(id, written.get(id) ?? config, sources));
      }),
    stopServer: (id) =>
      inTurn(async () => {
        const problem = problems.get(id);
        if (problem !== undefined) throw new UserError(problem.sentence);
        await knownServer(servers, id).stop();
      }),
    remove: (id) =>
      inTurn(async () => {
        knownServer(servers, id);
        await shelf.remove(id);
        written.delete(id);
        problems.delete(id);
        await servers.remove(id);
      }),
  };
}
