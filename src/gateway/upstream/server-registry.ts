import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import type { NotificationFrame } from '../frame/frame.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';
import { freePrefix } from './prefixes.ts';
import type { UpstreamSettings } from './settings.ts';
import { createUpstreamServer, type UpstreamServer } from './upstream-server.ts';

/** The servers behind one gateway, in the order they were added. */
export interface ServerRegistry {
  /** Adds a server, or replaces the one of this name, and begins to connect. */
  add(id: ServerId, config: ServerConfig): Promise<void>;
  /** Adds a server that must not start yet, and says why. */
  hold(id: ServerId, config: ServerConfig, why: string): Promise<void>;
  remove(id: ServerId): Promise<void>;
  get(id: string): UpstreamServer | undefined;
  all(): readonly UpstreamServer[];
  /** Something about a server changed, or a server came or went. */
  onChange(listener: () => void): Stop;
  onConnected(listener: (server: UpstreamServer) => void): Stop;
  onUnasked(listener: (server: UpstreamServer, frame: NotificationFrame) => void): Stop;
  stop(): Promise<void>;
}

export interface ServerRegistryOptions extends UpstreamSettings {
  /** Between a server's prefix and its own name for a tool or prompt. */
  readonly toolNameSeparator: string;
}

export function createServerRegistry(settings: ServerRegistryOptions): ServerRegistry {
  const servers = new Map<string, UpstreamServer>();
  const changes = createListeners<undefined>();
  const connections = createListeners<UpstreamServer>();
  const unasked = createListeners<{ server: UpstreamServer; frame: NotificationFrame }>();

  async function remove(id: string): Promise<void> {
    const server = servers.get(id);
    servers.delete(id);
    changes.emit(undefined);
    await server?.stop();
    changes.emit(undefined);
  }

  /** Puts a server in its place, which is that of an earlier one of this name; null when it was replaced meanwhile. */
  async function place(id: ServerId, config: ServerConfig): Promise<UpstreamServer | null> {
    const earlier = servers.get(id);
    const taken = [...servers.values()].filter((other) => other !== earlier).map(({ prefix }) => prefix);
    const prefix = freePrefix({ wanted: config.prefix ?? id, taken, separator: settings.toolNameSeparator });
    const server = createUpstreamServer({ id, prefix, config, settings });
    servers.set(id, server);
    server.onChange(() => {
      changes.emit(undefined);
    });
    server.onConnected(() => {
      connections.emit(server);
    });
    server.onUnasked((frame) => {
      unasked.emit({ server, frame });
    });
    await earlier?.stop();
    return servers.get(id) === server ? server : null;
  }

  return {
    async add(id, config) {
      void (await place(id, config))?.connect();
    },
    async hold(id, config, why) {
      (await place(id, config))?.hold(why);
    },
    remove,
    get: (id) => servers.get(id),
    all: () => [...servers.values()],
    onChange: (listener) => changes.add(listener),
    onConnected: (listener) => connections.add(listener),
    onUnasked: (listener) =>
      unasked.add(({ server, frame }) => {
        listener(server, frame);
      }),
    async stop() {
      await Promise.all([...servers.keys()].map(remove));
    },
  };
}
