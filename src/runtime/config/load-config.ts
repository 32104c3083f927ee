import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { serverIdSchema } from '../../shared/contract/schemas.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { messageOf, UserError } from '../../shared/kernel/user-error.ts';
import { parseConfigText, type ConfigText } from './config-text.ts';
import { DEFAULT_GATEWAY_SETTINGS, type ThroughlineConfig } from './config.ts';
import { fileSchema, httpEntrySchema, stdioEntrySchema } from './file-schema.ts';

/** Variables that `${NAME}` and `${env:NAME}` stand for. */
export type Environment = Readonly<Record<string, string | undefined>>;

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
  const servers = new Map<ServerId, ServerConfig>();
  for (const [name, entry] of Object.entries(parsed.mcpServers)) {
    const path = ['mcpServers', name];
    const id = serverIdSchema.safeParse(name);
    if (!id.success) throw source.complaint(path, id.error.issues[0]?.message ?? 'this name cannot be used.', 'key');
    servers.set(id.data, serverConfig(source, path, entry, dirname(resolve(file)), environment));
  }
  return {
    servers,
    virtualServers: new Map(),
    gateway: { ...DEFAULT_GATEWAY_SETTINGS, ...withoutUndefined(parsed.gateway ?? {}) },
  };
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

function serverConfig(
  source: ConfigText,
  path: string[],
  entry: Readonly<Record<string, unknown>>,
  directory: string,
  environment: Environment,
): ServerConfig {
  if (entry['type'] === 'sse') {
    throw source.complaint(
      [...path, 'type'],
      'servers of type "sse" cannot be connected in this version. Use the server\'s Streamable HTTP address with type "http".',
    );
  }
  const isHttp = 'url' in entry || entry['type'] === 'http' || entry['type'] === 'streamable-http';
  if (!isHttp && !('command' in entry) && Object.keys(entry).length === 0) {
    throw source.complaint(path, 'write either "command" (a server to start) or "url" (a server that runs already).');
  }
  if (isHttp) {
    const { url, headers } = check(source, path, httpEntrySchema, entry);
    return { type: 'http', url, headers: resolved(source, [...path, 'headers'], headers, environment) };
  }
  const { command, args, env, cwd } = check(source, path, stdioEntrySchema, entry);
  return {
    type: 'stdio',
    command,
    args,
    env: resolved(source, [...path, 'env'], env, environment),
    cwd: cwd === undefined ? null : resolve(directory, cwd),
  };
}

function check<Schema extends z.ZodType>(
  source: ConfigText,
  path: readonly string[],
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt key is the reason why the right one is missing, so it comes first.
  const issue = issues.find((candidate) => candidate.code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new Error('A failed check has an issue.');
  const where = [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.code !== 'unrecognized_keys') {
    const name = where.length === 0 ? '' : `${where.join('.')}: `;
    throw source.complaint(where, `${name}${issue.message.replace(/\.$/, '')}.`);
  }
  const key = issue.keys[0] ?? '';
  const parent = where.length === 0 ? '' : ` (in ${where.join('.')})`;
  throw source.complaint([...where, key], issue.message.replace('. Known', `${parent}. Known`), 'key');
}

const REFERENCE = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Puts the environment's values where values refer to them, so that secrets need not stand in the file. */
function resolved(
  source: ConfigText,
  path: readonly string[],
  values: Readonly<Record<string, string>>,
  environment: Environment,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value.replace(REFERENCE, (_reference, name: string) => {
        const replacement = environment[name];
        if (replacement !== undefined) return replacement;
        throw source.complaint([...path, key], `the environment variable ${name} is not set. Set it and start again.`);
      }),
    ]),
  );
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
