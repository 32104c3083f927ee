import type { Gateway } from '../gateway/gateway.ts';
import type { Redactor } from '../redaction/port.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import type { VirtualDirectory } from './services.ts';

export interface VirtualDirectoryOptions {
  readonly gateway: Pick<Gateway, 'servers' | 'virtualServers'>;
  readonly redactor: Redactor;
}

export function createVirtualDirectory({ gateway }: VirtualDirectoryOptions): VirtualDirectory {
  const { servers, virtualServers } = gateway;
  return {
    save(id, config) {
      if (servers.get(id) !== undefined)
        return Promise.reject(new UserError(`There is a server named "${id}" already; choose another name.`));
      virtualServers.set(id, config);
      return Promise.resolve();
    },
    remove(id) {
      virtualServers.remove(id);
      return Promise.resolve();
    },
  };
}
