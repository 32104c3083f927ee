import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { readConfig, type Environment } from './load-config.ts';

/** A server as a config file writes it: the common shape, without what says no more than its absence. */
export function entryOf(config: ServerConfig): object {
  if (config.type !== 'stdio') {
    return { type: config.type, url: config.url, ...(isEmpty(config.headers) ? {} : { headers: config.headers }) };
  }
  const { command, args, env, cwd } = config;
  return { command, args, ...(isEmpty(env) ? {} : { env }), ...(cwd === null ? {} : { cwd }) };
}

/**
 * The configuration with its references to the environment (`${NAME}`) filled in, by the same rules as in a file.
 * Throws a UserError that names what is not set.
 */
export function resolveServer(id: ServerId, config: ServerConfig, environment: Environment): ServerConfig {
  const text = JSON.stringify({ mcpServers: { [id]: entryOf(config) } });
  return readConfig('the server to add', text, environment).servers.get(id) ?? config;
}

function isEmpty(map: Readonly<Record<string, string>>): boolean {
  return Object.keys(map).length === 0;
}
