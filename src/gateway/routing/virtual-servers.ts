import type { ServerId } from '../../shared/domain/ids.ts';
import type { VirtualServerConfig } from '../../shared/domain/virtual-server.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';

/** The virtual servers there are. Their names and those of servers are one namespace; who adds one sees to that. */
export interface VirtualServers {
  set(id: ServerId, config: VirtualServerConfig): void;
  remove(id: ServerId): void;
  get(id: string): VirtualServerConfig | undefined;
  all(): ReadonlyMap<ServerId, VirtualServerConfig>;
  /** Told which one came, changed or went. */
  onChange(listener: (id: ServerId) => void): Stop;
}

export function createVirtualServers(): VirtualServers {
  const configs = new Map<ServerId, VirtualServerConfig>();
  const changes = createListeners<ServerId>();
  return {
    set(id, config) {
      configs.set(id, config);
      changes.emit(id);
    },
    remove(id) {
      if (configs.delete(id)) changes.emit(id);
    },
    get: (id) => configs.get(id as ServerId),
    all: () => configs,
    onChange: (listener) => changes.add(listener),
  };
}
