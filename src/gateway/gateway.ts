import { createMcpDoor, type McpDoor } from './edges/mcp-door.ts';
import type { Interceptor } from './interceptor.ts';
import { announceNews } from './routing/announce.ts';
import { createRouter } from './routing/router.ts';
import { createVirtualServers, type VirtualServers } from './routing/virtual-servers.ts';
import { createClientSessions } from './session/client-sessions.ts';
import { createServerRegistry, type ServerRegistry } from './upstream/server-registry.ts';
import type { UpstreamSettings } from './upstream/settings.ts';

export interface GatewayOptions extends UpstreamSettings {
  readonly interceptor: Interceptor;
  /** Between a server's prefix and its own name for a tool or prompt, at `/mcp`. */
  readonly toolNameSeparator: string;
  readonly maxBodyBytes: number;
  readonly maxSessions: number;
  readonly sessionIdleMillis: number;
  /** Told of failures that should not happen. */
  readonly onDefect: (error: unknown) => void;
}

/** MCP in the middle: clients at its door, servers behind it, and an observer that is told everything. */
export interface Gateway {
  readonly door: McpDoor;
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  /** Ends every session and every server. Idempotent. */
  stop(): Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { clock, observer, interceptor, toolNameSeparator, maxBodyBytes, gatewayVersion, onDefect } = options;
  const servers = createServerRegistry(options);
  const virtualServers = createVirtualServers();
  const sessions = createClientSessions({
    servers,
    now: () => clock.now(),
    maxSessions: options.maxSessions,
    idleMillis: options.sessionIdleMillis,
  });
  const router = createRouter({ servers, virtualServers, interceptor, toolNameSeparator, gatewayVersion });
  const door = createMcpDoor({
    clock,
    observer,
    router,
    sessions,
    servers,
    virtualServers,
    maxBodyBytes,
    gatewayVersion,
    onDefect,
  });

  const stopNews = announceNews({ sessions, servers, virtualServers });

  return {
    door,
    servers,
    virtualServers,
    async stop() {
      stopNews();
      await sessions.stop();
      await servers.stop();
    },
  };
}
