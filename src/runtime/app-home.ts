import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree } from 'jsonc-parser';
import type { ServerId } from '../shared/domain/ids.ts';
import type { ThroughlineConfig } from './config/config.ts';
import { readConfig } from './config/load-config.ts';
import { entryOf } from './config/server-entry.ts';
import { newSecret } from './http/secrets.ts';
import type { ServerShelf } from './server-directory.ts';

/**
 * The app's own directory: `config.json` with the servers, `approvals.json` with what was agreed to, and `token`, which
 * stays the same so that clients stay connected over restarts. All for this user's eyes only (S26).
 */
export interface AppHome {
  readonly config: ThroughlineConfig;
  readonly token: string;
  readonly tokenFile: string;
  readonly shelf: ServerShelf;
  /** Servers in the file that nobody agreed to as they stand: changed or added from outside (S14, S15). */
  readonly unapproved: readonly ServerId[];
}

const FORMATTING = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** Opens the directory, or makes it. Rejects with a UserError when its config cannot be read. */
export async function openAppHome(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AppHome> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const configFile = join(directory, 'config.json');
  const tokenFile = join(directory, 'token');
  const text = await readOrCreate(configFile, () => '{\n  "mcpServers": {}\n}\n');
  const token = (await readOrCreate(tokenFile, () => `${newSecret()}\n`)).trim();
  const config = readConfig(configFile, text, environment);
  const approvals = await createApprovals(join(directory, 'approvals.json'));
  const written = parseTree(text);
  const entryIn = (id: ServerId): unknown => {
    const node = written === undefined ? undefined : findNodeAtLocation(written, ['mcpServers', id]);
    return node === undefined ? undefined : getNodeValue(node);
  };
  const unapproved = [...config.servers.keys()].filter((id) => !approvals.has(id, entryIn(id)));
  return { config, token, tokenFile, unapproved, shelf: createShelf(configFile, approvals) };
}

function createShelf(configFile: string, approvals: Approvals): ServerShelf {
  async function edit(id: ServerId, value: object | undefined): Promise<void> {
    const text = await readFile(configFile, 'utf8');
    await writeWhole(configFile, applyEdits(text, modify(text, ['mcpServers', id], value, FORMATTING)));
  }
  return {
    async save(id, config) {
      const entry = entryOf(config);
      await edit(id, entry);
      await approvals.add(id, entry);
    },
    async remove(id) {
      await edit(id, undefined);
      await approvals.remove(id);
    },
  };
}

/** Digests of the config file's entries that somebody has seen and agreed to. */
interface Approvals {
  has(id: string, entry: unknown): boolean;
  add(id: ServerId, entry: unknown): Promise<void>;
  remove(id: ServerId): Promise<void>;
}

async function createApprovals(file: string): Promise<Approvals> {
  const digests = new Map<string, string>(Object.entries(parsedDigests(await readOrCreate(file, () => '{}\n'))));
  const save = (): Promise<void> => writeWhole(file, `${JSON.stringify(Object.fromEntries(digests), null, 2)}\n`);
  return {
    has: (id, entry) => digests.get(id) === digestOf(entry),
    async add(id, entry) {
      digests.set(id, digestOf(entry));
      await save();
    },
    async remove(id) {
      digests.delete(id);
      await save();
    },
  };
}

function parsedDigests(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    // Damaged: nothing counts as agreed to, so everything is asked again.
    return {};
  }
}

function digestOf(entry: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(entry)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

async function readOrCreate(file: string, initial: () => string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    return text;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const text = initial();
    await writeWhole(file, text);
    return text;
  }
}

/** Whole or not at all: a crash half-way leaves the old file. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
}
