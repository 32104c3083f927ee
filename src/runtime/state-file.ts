import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';

/** How other commands of the same user find a running gateway. */
export interface GatewayState {
  /** Origin, for example `http://127.0.0.1:4820`. */
  readonly url: string;
  readonly token: string;
  /** Takes spans in at `/v1/traces`, and nothing else. Null in files of releases that had none. */
  readonly ingestToken: string | null;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Opens pages that may manage; null when none may. Never given to clients (S5). */
  readonly operatorSecret: string | null;
  /** Nobody started it on purpose: it makes way for the app and ends when it is not used. */
  readonly isUnattended: boolean;
}

const stateSchema = z.object({
  url: z.url({ protocol: /^http$/ }),
  token: z.string().min(1),
  ingestToken: z.string().min(1).nullable().default(null),
  pid: z.int().positive(),
  startedAt: z.iso.datetime(),
  operatorSecret: z.string().min(1).nullable().default(null),
  isUnattended: z.boolean().default(false),
});

const FILE_NAME = /^gateway-\d{1,5}\.json$/;

/** `$THROUGHLINE_STATE_DIR`, else `throughline` under the XDG state directory. */
export function stateDirectory(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment['THROUGHLINE_STATE_DIR'];
  if (own !== undefined && own !== '') return own;
  const xdg = environment['XDG_STATE_HOME'];
  // The XDG specification has relative values ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'state');
  return join(base, 'throughline');
}

export function stateFilePath(directory: string, port: number): string {
  return join(directory, `gateway-${port}.json`);
}

/** Writes the file for this user's eyes only (S26, R102), whole or not at all, and answers with its path. */
export async function writeStateFile(directory: string, port: number, state: GatewayState): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = stateFilePath(directory, port);
  const draft = `${path}.${randomUUID()}.tmp`;
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return path;
}

/** Idempotent: a file that is gone already is as good. */
export async function removeStateFile(path: string): Promise<void> {
  await unlink(path).catch((thrown: unknown) => {
    if (!isMissing(thrown)) throw thrown;
  });
}

/** The gateways whose process lives, newest first. Files that cannot be read or understood are passed over. */
export async function findLiveGateways(
  directory: string,
  isAlive: (pid: number) => boolean = processIsAlive,
): Promise<readonly GatewayState[]> {
  const names = await readdir(directory).catch((thrown: unknown) => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });
  const states: GatewayState[] = [];
  for (const name of names.filter((candidate) => FILE_NAME.test(candidate))) {
    const state = await readState(join(directory, name));
    if (state !== null && isAlive(state.pid)) states.push(state);
  }
  return states.sort((left, right) => right.startedAt.localeCompare(left.startedAt));
}

async function readState(path: string): Promise<GatewayState | null> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Removed meanwhile, or not ours: either way no gateway to be found here.
    return null;
  }
}

export function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Another user's process lives too.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isMissing(thrown: unknown): boolean {
  return (thrown as NodeJS.ErrnoException).code === 'ENOENT';
}
