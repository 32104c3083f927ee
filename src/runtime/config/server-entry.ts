import { resolve } from 'node:path';
import type { ServerConfig, ServerTraits } from '../../shared/domain/server.ts';
import { check } from './check.ts';
import type { ConfigText } from './config-text.ts';
import { entrySchema, httpEntrySchema, stdioEntrySchema } from './file-schema.ts';

/** One entry of `mcpServers`, with its references. Throws a UserError that names the place of the first mistake. */
export function readEntry(
  source: ConfigText,
  path: readonly string[],
  value: unknown,
  directory: string,
): ServerConfig {
  const entry = check(source, path, entrySchema, value);
  if (isRunningAlready(entry)) {
    const { type, url, headers, ...traits } = check(source, path, httpEntrySchema, entry);
    return { type: type === undefined ? transportOf(url) : transportNamed(type), url, headers, ...traits };
  }
  if (!('command' in entry) && Object.keys(entry).length === 0) {
    throw source.complaint(
      [...path],
      'write either "command" (a server to start) or "url" (a server that runs already).',
    );
  }
  const { type: _type, cwd, ...rest } = check(source, path, stdioEntrySchema, entry);
  return { type: 'stdio', ...rest, cwd: cwd === undefined ? null : resolve(directory, cwd) };
}

function isRunningAlready(entry: Readonly<Record<string, unknown>>): boolean {
  const { type } = entry;
  return 'url' in entry || (typeof type === 'string' && type !== 'stdio' && !('command' in entry));
}

function transportNamed(type: string): 'http' | 'sse' {
  return type === 'sse' ? 'sse' : 'http';
}

/** Most clients' files leave the type out; the older transport is known by where such servers listen. */
function transportOf(url: string): 'http' | 'sse' {
  return /\/sse\/?$/.test(new URL(url).pathname) ? 'sse' : 'http';
}

/** As much of an entry that cannot be started as can be shown. */
export function outlineOf(entry: unknown): ServerConfig {
  const { url, command, args } = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
  if (typeof url === 'string' && URL.canParse(url)) return { type: 'http', url, headers: {} };
  return {
    type: 'stdio',
    command: typeof command === 'string' ? command : '',
    args: Array.isArray(args) ? args.filter((arg) => typeof arg === 'string') : [],
    env: {},
    cwd: null,
  };
}

/** A server as a config file writes it: the common shape, without what says no more than its absence. */
export function entryOf(config: ServerConfig): object {
  if (config.type !== 'stdio') {
    const { type, url, headers, ...traits } = config;
    return { type, url, ...(isEmpty(headers) ? {} : { headers }), ...traitsOf(traits) };
  }
  const { type: _type, command, args, env, cwd, ...traits } = config;
  return {
    command,
    args,
    ...(isEmpty(env) ? {} : { env }),
    ...(cwd === null ? {} : { cwd }),
    ...traitsOf(traits),
  };
}

function traitsOf({ prefix, session, traceContext, idleStopMs }: ServerTraits): ServerTraits {
  return {
    ...(prefix === undefined ? {} : { prefix }),
    ...(session === undefined ? {} : { session }),
    ...(traceContext === undefined ? {} : { traceContext }),
    ...(idleStopMs === undefined ? {} : { idleStopMs }),
  };
}

function isEmpty(map: Readonly<Record<string, string>>): boolean {
  return Object.keys(map).length === 0;
}
