import type { Stop } from '../shared/kernel/listeners.ts';
import { notificationText } from './frame/compose.ts';
import type { NotificationFrame } from './frame/frame.ts';
import { createMcpDoor, type McpDoor } from './edges/mcp-door.ts';
import type { Interceptor } from './interceptor.ts';
import { createRouter } from './routing/router.ts';
import { createClientSessions } from './session/client-sessions.ts';
import { createServerRegistry, type ServerRegistry } from './upstream/server-registry.ts';
import type { UpstreamServer } from './upstream/upstream-server.ts';
import type { UpstreamSettings } from './upstream/settings.ts';

const PUBLIC_NEWS = /^notifications\/(?:.+\/list_changed|resources\/updated)$/;

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
  /** Ends every session and every server. Idempotent. */
  stop(): Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { clock, observer, interceptor, toolNameSeparator, maxBodyBytes, gatewayVersion, onDefect } = options;
  const servers = createServerRegistry(options);
  const sessions = createClientSessions({
    servers,
    now: () => clock.now(),
    maxSessions: options.maxSessions,
    idleMillis: options.sessionIdleMillis,
  });
  const router = createRouter({ servers, interceptor, toolNameSeparator });
  const door = createMcpDoor({ clock, observer, router, sessions, servers, maxBodyBytes, gatewayVersion, onDefect });

  /** Whoever sees all servers must read the lists again when one has come. */
  const announce = (): void => {
    for (const session of sessions.all().filter(({ scope }) => scope.kind === 'all')) {
      for (const list of ['tools', 'prompts', 'resources'])
        session.tell(notificationText(`notifications/${list}/list_changed`));
    }
  };
  /** On a shared session news about lists and resources is for all of its clients; the rest might be another's. */
  const broadcast = (server: UpstreamServer, frame: NotificationFrame): void => {
    if (options.sessions !== 'shared' || !PUBLIC_NEWS.test(frame.method)) return;
    const concerned = sessions.all().filter(({ scope }) => scope.kind === 'all' || scope.serverId === server.id);
    for (const session of concerned) session.tell(frame.text);
  };
  const stops: Stop[] = [servers.onConnected(announce), servers.onUnasked(broadcast)];

  return {
    door,
    servers,
    async stop() {
      for (const stop of stops.splice(0)) stop();
      await sessions.stop();
      await servers.stop();
    },
  };
}
