import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { serverIdSchema } from '../../shared/contract/schemas.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { VirtualServerConfig } from '../../shared/domain/virtual-server.ts';
import { messageOf, UserError } from '../../shared/kernel/user-error.ts';
import { check, withoutUndefined } from './check.ts';
import { parseConfigText, type ConfigText } from './config-text.ts';
import {
  DEFAULT_GATEWAY_SETTINGS,
  DEFAULT_REDACTION,
  type ConfiguredServer,
  type GatewaySettings,
  type ThroughlineConfig,
} from './config.ts';
import { readEndpoints, readHomeEndpoints } from './endpoint-entry.ts';
import { fileSchema } from './file-schema.ts';
import { asSentence, followReferences, type Environment, type ReferenceSources } from './references.ts';
import { readRedaction } from './redaction-entry.ts';
import { outlineOf, readEntry } from './server-entry.ts';
import { tracingOf } from './tracing-entry.ts';
import { readVirtualServer } from './virtual-server-entry.ts';

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Reads a config file: the common `mcpServers` shape plus our own keys, as JSON with comments. Rejects with a UserError
 * whose one sentence names file, line and column; the values of variables and headers are never part of it.
 */
export async function loadConfig(file: string, environment: Environment = process.env): Promise<ThroughlineConfig> {
  return readConfig(file, await readText(file), environment);
}

/** `loadConfig` for text that has been read. Relative `cwd`s are taken from the file's directory. */
export function readConfig(file: string, text: string, environment: Environment): ThroughlineConfig {
  const source = parseConfigText(file, text);
  const parsed = check(source, [], fileSchema, source.value);
  const sources = { environment, secrets: null };
  const servers = new Map<ServerId, ConfiguredServer>();
  for (const [name, entry] of Object.entries(parsed.mcpServers)) {
    const path = ['mcpServers', name] as const;
    const id = readName(source, path);
    const written = readEntry(source, path, entry, directoryOf(file));
    const followed = followReferences(id, written, sources);
    if (!followed.ok) throw source.complaint([...path, ...followed.error.path], followed.error.problem);
    servers.set(id, { written, resolved: followed.value });
  }
  const virtualServers = new Map<ServerId, VirtualServerConfig>();
  for (const [name, entry] of Object.entries(parsed.virtualServers)) {
    const path = ['virtualServers', name] as const;
    const id = readVirtualName(source, path, servers);
    const virtual = readVirtualServer(source, path, entry);
    for (const member of virtual.members.keys()) {
      if (servers.has(member)) continue;
      throw source.complaint([...path, 'servers', member], `there is no server "${member}" in mcpServers.`, 'key');
    }
    virtualServers.set(id, virtual);
  }
  const redaction =
    parsed.redaction === undefined ? DEFAULT_REDACTION : readRedaction(source, parsed.redaction, sources);
  const endpoints = readEndpoints(source, parsed.otlp?.endpoints ?? {}, { directory: directoryOf(file), sources });
  const gateway = gatewayOf(parsed.gateway);
  return { servers, virtualServers, redaction, endpoints, gateway, tracing: tracingOf(parsed) };
}

type WrittenGateway = { readonly [Key in keyof GatewaySettings]?: GatewaySettings[Key] | undefined };

export interface HomeConfig {
  readonly config: ThroughlineConfig;
  /** Mistakes that no server can show as its own, one sentence each. */
  readonly mistakes: readonly string[];
}

/**
 * Reads the app's own config file, where a mistake in one server must not keep the others from starting: that one has a
 * `problem`. Members of virtual servers may be missing, since servers can be removed. Throws a UserError when the file
 * as a whole, or its `gateway` or `redaction` key, cannot be read.
 */
export function readHomeConfig(file: string, text: string, sources: ReferenceSources): HomeConfig {
  const source = parseConfigText(file, text);
  const parsed = check(source, [], fileSchema, source.value);
  const mistakes: string[] = [];
  const orNote = (read: () => void): void => {
    const mistake = mistakeOf(read);
    if (mistake !== null) mistakes.push(mistake);
  };
  const servers = new Map<ServerId, ConfiguredServer>();
  for (const [name, entry] of Object.entries(parsed.mcpServers)) {
    orNote(() => {
      const path = ['mcpServers', name] as const;
      servers.set(readName(source, path), readHomeServer(source, path, entry, { file, sources }));
    });
  }
  const virtualServers = new Map<ServerId, VirtualServerConfig>();
  for (const [name, entry] of Object.entries(parsed.virtualServers)) {
    orNote(() => {
      const path = ['virtualServers', name] as const;
      virtualServers.set(readVirtualName(source, path, servers), readVirtualServer(source, path, entry));
    });
  }
  const redaction =
    parsed.redaction === undefined ? DEFAULT_REDACTION : readRedaction(source, parsed.redaction, sources);
  const place = { directory: directoryOf(file), sources };
  const endpoints = readHomeEndpoints(source, parsed.otlp?.endpoints ?? {}, place, (mistake) => mistakes.push(mistake));
  const gateway = gatewayOf(parsed.gateway);
  return { config: { servers, virtualServers, redaction, endpoints, gateway, tracing: tracingOf(parsed) }, mistakes };
}

function readHomeServer(
  source: ConfigText,
  path: readonly [string, string],
  entry: unknown,
  { file, sources }: { readonly file: string; readonly sources: ReferenceSources },
): ConfiguredServer {
  let written = outlineOf(entry);
  const mistake = mistakeOf(() => {
    written = readEntry(source, path, entry, directoryOf(file));
  });
  if (mistake !== null) return { written, problem: { sentence: mistake, needs: 'review' } };
  const followed = followReferences(path[1] as ServerId, written, sources);
  if (followed.ok) return { written, resolved: followed.value };
  return { written, problem: { sentence: asSentence(followed.error.problem), needs: 'values' } };
}

/** The sentence of the UserError that `read` throws; null when it throws none. */
function mistakeOf(read: () => void): string | null {
  try {
    read();
    return null;
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
}

function readName(source: ConfigText, path: readonly [string, string]): ServerId {
  const id = serverIdSchema.safeParse(path[1]);
  if (id.success) return id.data;
  throw source.complaint([...path], id.error.issues[0]?.message ?? 'this name cannot be used.', 'key');
}

function readVirtualName(
  source: ConfigText,
  path: readonly [string, string],
  servers: ReadonlyMap<ServerId, unknown>,
): ServerId {
  const id = readName(source, path);
  if (!servers.has(id)) return id;
  throw source.complaint(
    [...path],
    `there is a server "${id}" in mcpServers already; give the virtual server another name.`,
    'key',
  );
}

function gatewayOf(written: WrittenGateway = {}): GatewaySettings {
  const { requestTimeoutMs, connectTimeoutMs, maxBodyBytes, toolNameSeparator } = written;
  const { session, idleStopMs, healthCheckMs, baggage, planSecrets } = written;
  const settings = {
    requestTimeoutMs,
    connectTimeoutMs,
    maxBodyBytes,
    toolNameSeparator,
    session,
    idleStopMs,
    healthCheckMs,
    baggage,
    planSecrets,
  };
  return { ...DEFAULT_GATEWAY_SETTINGS, ...withoutUndefined(settings) };
}

function directoryOf(file: string): string {
  return dirname(resolve(file));
}

async function readText(file: string): Promise<string> {
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new UserError(`${file} is not a file. Name a config file with --config.`);
    if (info.size > MAX_FILE_BYTES) throw new UserError(`${file} is too large for a config file. Is it the right one?`);
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UserError(`There is no config file at ${file}. Check the path after --config.`);
    throw new UserError(
      `The config file ${file} cannot be read (${code ?? messageOf(thrown)}). Check its permissions.`,
    );
  }
}
