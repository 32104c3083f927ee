import type { BaggageRules } from './baggage.ts';
import { createMcpDoor, type McpDoor } from './edges/mcp-door.ts';
import { Patience } from './edges/patience.ts';
import type { Interceptor } from './interceptor.ts';
import { createCallPlanner, type CallPlanner } from './plan/call-planner.ts';
import { createRouting } from './routing/routing.ts';
import { createVirtualServers, type VirtualServers } from './routing/virtual-servers.ts';
import { createClientSessions } from './session/client-sessions.ts';
import { EventStore, type EventStoreLimits } from './session/event-store.ts';
import { gatewayInitialize } from './upstream/handshake.ts';
import { InputWaits } from './session/input-waits.ts';
import { createStatelessSessions } from './session/stateless-sessions.ts';
import { createServerRegistry, type ServerRegistry } from './upstream/server-registry.ts';
import type { UpstreamServer } from './upstream/upstream-server.ts';
import type { UpstreamSettings } from './upstream/settings.ts';

export interface GatewayOptions extends UpstreamSettings {
  readonly interceptor: Interceptor;
  /** Between a server's prefix and its own name for a tool or prompt, at `/mcp`. */
  readonly toolNameSeparator: string;
  readonly maxBodyBytes: number;
  readonly maxSessions: number;
  readonly sessionIdleMillis: number;
  /** For clients that lose their connection while they are answered. */
  readonly resume?: ResumeOptions;
  /** What of the callers' baggage goes on to servers; null or left out: none of it (R63). */
  readonly baggage?: BaggageRules | null;
  /** Told of failures that should not happen. */
  readonly onDefect: (error: unknown) => void;
}

export interface ResumeOptions {
  /** How long such a client may take to come back before its calls are cancelled. */
  readonly graceMillis: number;
  readonly limits: EventStoreLimits;
}

const DEFAULT_RESUME: ResumeOptions = {
  graceMillis: 30_000,
  limits: { maxEvents: 500, maxBytes: 8 * 1024 * 1024, maxTotalBytes: 64 * 1024 * 1024 },
};

/** An answer that takes longer than this, or up to twice as long, begins as an event stream. */
const STREAM_AFTER_MILLIS = 10_000;

/** MCP in the middle: clients at its door, servers behind it, and an observer that is told everything. */
export interface Gateway {
  readonly door: McpDoor;
  readonly planner: CallPlanner;
  readonly servers: ServerRegistry;
  readonly virtualServers: VirtualServers;
  /** The URI under which `/mcp` offers a server's resource: its own unless another server has it too. */
  exposedUri(server: UpstreamServer, uri: string): string;
  /** Open client sessions. Callers of `/rpc` have none. */
  clientCount(): number;
  /** How many events for clients to come back to were dropped, since they were too many or too large. */
  droppedEventCount(): number;
  /** Ends every session and every server. Idempotent. */
  stop(): Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { clock, observer, interceptor, toolNameSeparator, maxBodyBytes, gatewayVersion, onDefect } = options;
  const resume = options.resume ?? DEFAULT_RESUME;
  const baggage = options.baggage ?? null;
  const servers = createServerRegistry(options);
  const virtualServers = createVirtualServers();
  const events = new EventStore(resume.limits);
  const sessions = createClientSessions({
    servers,
    watch: observer,
    events,
    graceMillis: resume.graceMillis,
    initializeOfNobody: () => gatewayInitialize(gatewayVersion),
    now: () => clock.now(),
    maxSessions: options.maxSessions,
    idleMillis: options.sessionIdleMillis,
  });
  const routing = createRouting({
    servers,
    virtualServers,
    sessions,
    interceptor,
    toolNameSeparator,
    gatewayVersion,
  });
  const door = createMcpDoor({
    stateless: createStatelessSessions(sessions),
    inputWaits: new InputWaits(),
    baggage,
    clock,
    observer,
    router: routing.router,
    sessions,
    servers,
    virtualServers,
    patience: new Patience(STREAM_AFTER_MILLIS),
    maxBodyBytes,
    maxSessions: options.maxSessions,
    onDefect,
  });

  return {
    door,
    planner: createCallPlanner({ clock, observer, interceptor, router: routing.router, virtualServers, baggage }),
    servers,
    virtualServers,
    exposedUri: (server, uri) => routing.exposedUri(server, uri),
    clientCount: () => sessions.all().length,
    droppedEventCount: () => events.dropped,
    async stop() {
      routing.stop();
      door.stop();
      await sessions.stop();
      await servers.stop();
    },
  };
}
