import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { StdioServerConfig } from '../../shared/domain/server.ts';
import type { Clock } from '../clock.ts';
import { categoryOfCode, innermostCause, UpstreamFailure } from '../failure.ts';
import { createLineFramer } from './line-framer.ts';
import type { Closed, Departure, Transport, TransportEvents } from './transport.ts';

/** Everything a server gets from our environment unless its configuration says more: no secret rides along (S18). */
const INHERITED_VARIABLES = [
  'HOME',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'USER',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'TZ',
  'APPDATA',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'USERNAME',
  'USERPROFILE',
];

const GRACE_MILLIS = 1_000;
const MAX_LINE_LENGTH = 128 * 1024 * 1024;
const MAX_NOISE_LENGTH = 2_000;

export interface StdioTransportOptions {
  readonly serverId: ServerId;
  readonly config: StdioServerConfig;
  readonly clock: Clock;
  /** The environment to inherit from. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Speaks MCP over a child's stdin and stdout, one message a line. The child gets its own process group and no shell. */
export function createStdioTransport(options: StdioTransportOptions): Transport {
  return new StdioTransport(options);
}

class StdioTransport implements Transport {
  readonly #options: StdioTransportOptions;
  #child: ChildProcessWithoutNullStreams | null = null;
  #exited: Promise<void> = Promise.resolve();
  #isClosed = false;
  #isStopping = false;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async start(events: TransportEvents): Promise<void> {
    const { config, environment } = this.#options;
    const child = spawn(config.command, [...config.args], {
      shell: false,
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: config.cwd ?? undefined,
      env: { ...inherited(environment), ...config.env },
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('close', () => {
        resolve();
      });
    });
    this.#listen(child, events);
    await this.#spawned(child, events);
  }

  async send(departure: Departure): Promise<void> {
    const child = this.#child;
    if (child === null || this.#isClosed || !child.stdin.writable) {
      throw new UpstreamFailure('connection_reset', `Server "${this.#options.serverId}" is not running.`);
    }
    if (child.stdin.write(`${departure.text}\n`)) return;
    // The pipe is full: the server reads slower than its callers write, so they wait.
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        child.stdin.off('drain', settle);
        child.off('close', settle);
        resolve();
      };
      child.stdin.once('drain', settle);
      child.once('close', settle);
    });
  }

  agreed(): void {
    // Nothing on this wire repeats the version.
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#isStopping = true;
    if (child === null || this.#isClosed) return;
    child.stdin.end();
    if (await settlesWithin(this.#exited, GRACE_MILLIS)) return;
    this.#signal('SIGTERM');
    if (await settlesWithin(this.#exited, GRACE_MILLIS)) return;
    this.#signal('SIGKILL');
    if (await settlesWithin(this.#exited, GRACE_MILLIS)) return;
    // Something outside the group still holds the pipes; letting go of our ends is all that is left.
    child.stdout.destroy();
    child.stderr.destroy();
  }

  #listen(child: ChildProcessWithoutNullStreams, events: TransportEvents): void {
    const { clock } = this.#options;
    const output = createLineFramer({
      maxLineLength: MAX_LINE_LENGTH,
      onLine: ({ text, firstByteAt }) => {
        if (text.trimStart().startsWith('{') || text.trimStart().startsWith('[')) {
          events.message({ text, firstByteAt, relatedIdText: null });
        } else if (text !== '') events.noise(text.slice(0, MAX_NOISE_LENGTH), 'stdout', firstByteAt);
      },
      onOverflow: () => {
        events.noise(`A line longer than ${MAX_LINE_LENGTH} characters was skipped.`, 'stdout', clock.now());
      },
    });
    const errors = createLineFramer({
      maxLineLength: MAX_NOISE_LENGTH,
      onLine: ({ text, firstByteAt }) => {
        if (text !== '') events.noise(text, 'stderr', firstByteAt);
      },
      onOverflow: () => {
        events.noise(`A line longer than ${MAX_NOISE_LENGTH} characters was skipped.`, 'stderr', clock.now());
      },
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output.push(chunk, clock.now());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors.push(chunk, clock.now());
    });
    // A server that closes its end while we write is told of by its exit; the write error adds nothing.
    child.stdin.on('error', () => undefined);
  }

  async #spawned(child: ChildProcessWithoutNullStreams, events: TransportEvents): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        this.#isClosed = true;
        reject(this.#spawnFailure(error));
      });
    });
    child.once('close', (code, signal) => {
      this.#isClosed = true;
      events.closed(this.#exitReason(code, signal));
    });
  }

  #spawnFailure(error: Error): UpstreamFailure {
    const { serverId, config } = this.#options;
    const { code, message } = innermostCause(error);
    if (code === 'ENOENT') {
      const folder = config.cwd === null ? '' : `, or its working directory "${config.cwd}" does not exist`;
      return new UpstreamFailure(
        'not_found',
        `Server "${serverId}" could not be started: the command "${config.command}" was not found${folder}. Check its spelling or give its full path.`,
      );
    }
    if (code === 'EACCES') {
      return new UpstreamFailure(
        'connection_error',
        `Server "${serverId}" could not be started: "${config.command}" is not executable.`,
      );
    }
    return new UpstreamFailure(categoryOfCode(code), `Server "${serverId}" could not be started: ${message}.`);
  }

  #exitReason(code: number | null, signal: NodeJS.Signals | null): Closed {
    const { serverId } = this.#options;
    if (this.#isStopping) {
      return { category: 'connection_reset', message: `Server "${serverId}" was stopped.`, wasAsked: true };
    }
    const how = signal === null ? `exited with code ${String(code)}` : `was ended by ${signal}`;
    return { category: 'connection_reset', message: `Server "${serverId}" ${how}.`, wasAsked: false };
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#isClosed) return;
    try {
      // The group, so that what `npx` or a wrapper script started goes too.
      process.kill(process.platform === 'win32' ? pid : -pid, signal);
    } catch {
      // It ended in between.
    }
  }
}

function inherited(environment: NodeJS.ProcessEnv): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of INHERITED_VARIABLES) {
    const value = environment[name];
    // An exported bash function is code, not a value.
    if (value !== undefined && !value.startsWith('()')) result[name] = value;
  }
  return result;
}

async function settlesWithin(promise: Promise<void>, millis: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, millis);
  });
  try {
    return await Promise.race([promise.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
