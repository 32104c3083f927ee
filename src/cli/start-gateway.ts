import { spawn } from 'node:child_process';
import { mkdir, open, readFile, stat, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appDirectory, appPort } from '../runtime/app-location.ts';
import { processIsAlive } from '../runtime/state-file.ts';
import { UserError } from '../shared/kernel/user-error.ts';

export interface GatewayStart {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The command line's own module, to be started again with Node. */
  readonly cliModule: string;
  readonly stateDirectory: string;
  /** The token that the gateway is to ask for; null: the app's own. */
  readonly token: string | null;
  /** Whether a gateway can be had by now, whoever started it. */
  readonly isThere: () => Promise<boolean>;
  readonly boundMillis?: number;
}

/** Long enough for a client to be restarted, or for somebody to look at what was recorded. */
const EXIT_WHEN_UNUSED_SECONDS = 15 * 60;
const START_BOUND_MILLIS = 30_000;
const LOOK_EVERY_MILLIS = 50;
const MAX_LOG_BYTES = 1024 * 1024;
const LOG_FILE = 'gateway-of-bridge.log';
const LOCK_FILE = 'gateway-of-bridge.lock';

/**
 * Starts the app's gateway without a window: its servers, token and port, in a process of its own that outlives this one
 * and ends when nobody uses it. Resolves when it can be had; rejects with a UserError. Of two who do this at once, one
 * starts it and the other waits.
 */
export async function startGateway(start: GatewayStart): Promise<void> {
  const deadline = performance.now() + (start.boundMillis ?? START_BOUND_MILLIS);
  await mkdir(start.stateDirectory, { recursive: true, mode: 0o700 });
  const lock = join(start.stateDirectory, LOCK_FILE);
  while (performance.now() < deadline) {
    if (await start.isThere()) return;
    if (await takeLock(lock)) {
      try {
        await startOne(start, deadline);
        return;
      } finally {
        await unlink(lock).catch(() => undefined);
      }
    }
    await delay(LOOK_EVERY_MILLIS);
  }
  throw new UserError('The gateway that is being started is not ready yet: try again in a moment.');
}

async function startOne(start: GatewayStart, deadline: number): Promise<void> {
  // The one who had the lock before may have started it.
  if (await start.isThere()) return;
  const logFile = join(start.stateDirectory, LOG_FILE);
  const log = await openLog(logFile);
  const { size } = await log.stat();
  const child = spawnDetached(start, log);
  await log.close();
  const ended = new AbortController();
  for (const event of ['exit', 'error']) {
    child.once(event, () => {
      ended.abort();
    });
  }
  while (performance.now() < deadline) {
    if (await start.isThere()) return;
    if (ended.signal.aborted) throw new UserError(await whyItEnded(logFile, size));
    await delay(LOOK_EVERY_MILLIS);
  }
  throw new UserError(`The gateway was started but is not ready; its log is ${logFile}.`);
}

function spawnDetached({ environment, cliModule, token }: GatewayStart, log: FileHandle): ReturnType<typeof spawn> {
  const args = ['serve', '--app-dir', appDirectory(environment), '--port', String(appPort(environment)), '--manage'];
  const child = spawn(process.execPath, [cliModule, ...args, '--exit-when-unused', String(EXIT_WHEN_UNUSED_SECONDS)], {
    // The client's folder may go away while the gateway runs.
    cwd: homedir(),
    detached: true,
    windowsHide: true,
    shell: false,
    stdio: ['ignore', 'ignore', log.fd],
    // Other users of the machine see arguments, but not this.
    env: { ...environment, ...(token !== null && { THROUGHLINE_TOKEN: token }) },
  });
  child.unref();
  return child;
}

/** For this user's eyes only. It begins anew when it has grown. */
async function openLog(file: string): Promise<FileHandle> {
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  const log = await open(file, size > MAX_LOG_BYTES ? 'w' : 'a', 0o600);
  await log.chmod(0o600);
  return log;
}

/** The gateway's own last sentence. */
async function whyItEnded(logFile: string, before: number): Promise<string> {
  const said = (await readFile(logFile)).subarray(before).toString('utf8').trim();
  const sentence =
    said
      .split('\n')
      .at(-1)
      ?.replace(/^throughline(?: error)?: /, '') ?? '';
  return sentence === '' ? `The gateway could not be started; its log is ${logFile}.` : sentence;
}

/** False when somebody who still runs has it. */
async function takeLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // Empty while it is being written. Were two to clear it away at once, the port would still let only one gateway run.
  if (holder > 0 && !processIsAlive(holder)) await unlink(file).catch(() => undefined);
  return false;
}
