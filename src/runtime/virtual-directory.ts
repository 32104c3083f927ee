import type { Gateway } from '../gateway/gateway.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import type { ServerShelf } from './server-shelf.ts';
import type { VirtualDirectory } from './services.ts';
import type { InTurn } from './turns.ts';

export interface VirtualDirectoryOptions {
  readonly gateway: Pick<Gateway, 'servers' | 'virtualServers'>;
  readonly shelf: Pick<ServerShelf, 'saveVirtual' | 'removeVirtual'>;
  /** The same as the servers': their names and those of virtual servers are one namespace. */
  readonly inTurn: InTurn;
}

export function createVirtualDirectory({ gateway, shelf, inTurn }: VirtualDirectoryOptions): VirtualDirectory {
  const { servers, virtualServers } = gateway;
  return {
    save: (id, config) =>
      inTurn(async () => {
        if (servers.get(id) !== undefined)
          throw new UserError(`There is a server named "${id}" already; choose another name.`);
        for (const member of config.members.keys()) {
          if (servers.get(member) === undefined)
            throw new UserError(`There is no server "${member}"; choose from those that there are.`);
        }
        await shelf.saveVirtual(id, config);
        virtualServers.set(id, config);
      }),
    remove: (id) =>
      inTurn(async () => {
        if (virtualServers.get(id) === undefined) throw new UserError(`There is no virtual server "${id}" any more.`);
        await shelf.removeVirtual(id);
        virtualServers.remove(id);
      }),
  };
}
