import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { StdioServerConfig } from '../../shared/domain/server.ts';
import type { Clock } from '../clock.ts';
import { categoryOfCode, UpstreamFailure } from '../failure.ts';
import type { TraceContext } from '../observer.ts';
import { environmentOf } from './child-environment.ts';
import { createLineFramer } from './line-framer.ts';
import { LineWriter } from './line-writer.ts';
import type { Closed, Departure, Transport, TransportEvents } from './transport.ts';
import { innermostCause } from '../../shared/kernel/innermost-cause.ts';

const GRACE_MILLIS = 1_000;
const MAX_LINE_BYTES = 128 * 1024 * 1024;
const MAX_NOISE_BYTES = 2_000;
/** What may wait for a server that does not read; more would be its callers' memory, not a pipe's. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const BYTE_ORDER_MARK = 0xfeff;

export interface StdioTransportOptions {
  readonly serverId: ServerId;
  readonly config: StdioServerConfig;
  readonly clock: Clock;
  /** The environment to inherit from. */
  readonly environment: NodeJS.ProcessEnv;
  /** See ChildEnvironment. */
  readonly telemetry: () => Readonly<Record<string, string>>;
}

/** Speaks MCP over a child's stdin and stdout, one message a line. The child gets its own process group and no shell. */
export function createStdioTransport(options: StdioTransportOptions): Transport {
  return new StdioTransport(options);
}

class StdioTransport implements Transport {
  readonly #options: StdioTransportOptions;
  #child: ChildProcessWithoutNullStreams | null = null;
  #events: TransportEvents | null = null;
  #input: LineWriter | null = null;
  #exited: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;
  #hasExited = false;
  #hasToldEnd = false;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  async start(events: TransportEvents, traceContext: TraceContext | null): Promise<void> {
    const { config, environment, telemetry } = this.#options;
    this.#events = events;
    const child = spawn(config.command, [...config.args], {
      shell: false,
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: config.cwd ?? undefined,
      env: environmentOf({ inherited: environment, telemetry: telemetry(), traceContext, configured: config.env }),
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#input = new LineWriter(child.stdin);
    this.#exited = new Promise((resolve) => {
      child.once('close', () => {
        resolve();
      });
    });
    this.#listen(child, events);
    await this.#spawned(child);
  }

  request({ text, idText }: Departure): void {
    const problem = this.#problem();
    if (problem === null) this.#input?.write(text);
    else if (!this.#isEnding()) this.#events?.failed(idText, problem);
    else void settlesWithin(this.#exited, GRACE_MILLIS).then(() => this.#events?.failed(idText, problem));
  }

  async post(text: string): Promise<void> {
    const child = this.#child;
    const problem = this.#problem();
    if (problem !== null || child === null) throw problem ?? this.#notRunning();
    this.#input?.write(text);
    if (!child.stdin.writableNeedDrain) return;
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

  abandon(): void {
    // A request has no exchange of its own on this wire.
  }

  agreed(): void {
    // Nothing on this wire repeats the version.
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child === null || this.#hasExited) return;
    this.#input?.flush();
    child.stdin.end();
    if (await settlesWithin(this.#exited, GRACE_MILLIS)) return;
    this.#signal('SIGTERM');
    if (await settlesWithin(this.#exited, GRACE_MILLIS)) return;
    this.#signal('SIGKILL');
    if (await settlesWithin(this.#exited, GRACE_MILLIS)) return;
    // Something outside the group still holds the pipes; letting go of our ends is all that is left.
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
    this.#tellEnd(this.#wasStopped());
  }

  /** Why a message cannot be handed over now. */
  #problem(): UpstreamFailure | null {
    const stdin = this.#child?.stdin;
    if (stdin === undefined || this.#hasExited || !stdin.writable) return this.#notRunning();
    if ((this.#input?.unsentLength ?? 0) <= MAX_UNREAD_BYTES) return null;
    return new UpstreamFailure(
      'connection_error',
      `Server "${this.#options.serverId}" does not read what it is sent; ${MAX_UNREAD_BYTES} bytes wait for it already.`,
    );
  }

  /** It reads nothing any more and has not ended yet: when it does, that says more than a closed pipe. */
  #isEnding(): boolean {
    return this.#closing === null && !this.#hasExited && this.#child?.stdin.writable === false;
  }

  #notRunning(): UpstreamFailure {
    return new UpstreamFailure('connection_reset', `Server "${this.#options.serverId}" is not running.`);
  }

  #listen(child: ChildProcessWithoutNullStreams, events: TransportEvents): void {
    const { clock } = this.#options;
    const output = createLineFramer({
      maxLineLength: MAX_LINE_BYTES,
      onLine: ({ text, firstByteAt }) => {
        if (looksLikeJson(text)) events.message({ text, firstByteAt, relatedIdText: null });
        else if (text !== '') events.noise(text.slice(0, MAX_NOISE_BYTES), 'stdout', firstByteAt);
      },
      onOverflow: () => {
        events.noise(`A line longer than ${MAX_LINE_BYTES} bytes was skipped.`, 'stdout', clock.now());
      },
    });
    const errors = createLineFramer({
      maxLineLength: MAX_NOISE_BYTES,
      onLine: ({ text, firstByteAt }) => {
        if (text !== '') events.noise(text, 'stderr', firstByteAt);
      },
      onOverflow: () => {
        events.noise(`A line longer than ${MAX_NOISE_BYTES} bytes was skipped.`, 'stderr', clock.now());
      },
    });
    child.stdout.on('data', (chunk: Buffer) => {
      output.push(chunk, clock.now());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors.push(chunk, clock.now());
    });
    child.stdout.once('end', () => {
      this.#outputEnded(child);
    });
    child.stderr.once('end', () => {
      errors.end();
    });
    // A server that closes its end while we write is told of by its exit; the write error adds nothing.
    child.stdin.on('error', () => undefined);
  }

  /** A process that ends closes its output just before; one that stays can answer nothing any more. */
  #outputEnded(child: ChildProcessWithoutNullStreams): void {
    const patience = setTimeout(() => {
      this.#tellEnd({
        category: 'connection_reset',
        message: `Server "${this.#options.serverId}" closed its output.`,
        wasAsked: false,
      });
      void this.close();
    }, GRACE_MILLIS);
    patience.unref();
    child.once('close', () => {
      clearTimeout(patience);
    });
  }

  async #spawned(child: ChildProcessWithoutNullStreams): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        this.#hasExited = true;
        reject(this.#spawnFailure(error));
      });
    });
    child.once('close', (code, signal) => {
      this.#hasExited = true;
      // What a wrapper started may outlive it; none of it belongs to anybody now.
      this.#signalGroup('SIGTERM');
      this.#tellEnd(this.#closing === null ? this.#exitReason(code, signal) : this.#wasStopped());
    });
  }

  #tellEnd(reason: Closed): void {
    if (this.#hasToldEnd) return;
    this.#hasToldEnd = true;
    this.#events?.closed(reason);
  }

  #spawnFailure(error: Error): UpstreamFailure {
    const { serverId, config } = this.#options;
    const { code, message } = innermostCause(error);
    if (code === 'ENOENT') {
      const folder = config.cwd === null ? '' : `, or its working directory "${config.cwd}" does not exist`;
      return new UpstreamFailure(
        'not_found',
        `Server "${serverId}" could not be started: the command "${config.command}" was not found${folder}. Check its spelling or give its full path.`,
        { cause: error },
      );
    }
    if (code === 'EACCES') {
      return new UpstreamFailure(
        'connection_error',
        `Server "${serverId}" could not be started: "${config.command}" is not executable.`,
        { cause: error },
      );
    }
    const sentence = `Server "${serverId}" could not be started: ${message}.`;
    return new UpstreamFailure(categoryOfCode(code), sentence, { cause: error });
  }

  #exitReason(code: number | null, signal: NodeJS.Signals | null): Closed {
    const how = signal === null ? `exited with code ${String(code)}` : `was ended by ${signal}`;
    return {
      category: 'connection_reset',
      message: `Server "${this.#options.serverId}" ${how}.`,
      wasAsked: false,
    };
  }

  #wasStopped(): Closed {
    return {
      category: 'connection_reset',
      message: `Server "${this.#options.serverId}" was stopped.`,
      wasAsked: true,
    };
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.#hasExited) this.#signalGroup(signal);
  }

  /** The group, so that what `npx` or a wrapper script started goes too. */
  #signalGroup(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      if (process.platform !== 'win32') process.kill(-pid, signal);
      else if (!this.#hasExited) process.kill(pid, signal);
    } catch {
      // Nobody is left in it.
    }
  }
}

/** Messages are objects (or batches); JSON may begin with white space, which servers rarely send. */
function looksLikeJson(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return true;
  if (first > SPACE && first < BYTE_ORDER_MARK) return false;
  const trimmed = text.trimStart();
  return trimmed.startsWith('{') || trimmed.startsWith('[');
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
