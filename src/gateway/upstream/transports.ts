import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { createHttpConnections, type HttpConnections } from './http-connections.ts';
import { createHttpTransport } from './http-transport.ts';
import type { UpstreamSettings } from './settings.ts';
import { createSseTransport } from './sse-transport.ts';
import { createStdioTransport } from './stdio-transport.ts';
import type { Transport } from './transport.ts';

/** Makes the transports of one server's sessions. What they share belongs to the server and not to a session. */
export interface Transports {
  create(): Transport;
  /** Lets go of what they shared. Transports created afterwards share anew. */
  close(): Promise<void>;
}

export function createTransports(serverId: ServerId, config: ServerConfig, settings: UpstreamSettings): Transports {
  const { clock, environment, connectTimeoutMillis } = settings;
  const telemetry = () => (config.traceContext === false ? {} : (settings.telemetryEnvironment?.(serverId) ?? {}));
  if (config.type === 'stdio') {
    return {
      create: () => createStdioTransport({ serverId, config, clock, environment, telemetry }),
      close: () => Promise.resolve(),
    };
  }
  const connections: HttpConnections = createHttpConnections(config.url);
  return {
    create: () =>
      config.type === 'http'
        ? createHttpTransport({ serverId, config, connections, clock })
        : createSseTransport({ serverId, config, connections, clock, startTimeoutMillis: connectTimeoutMillis }),
    close: () => connections.close(),
  };
}
