import { spawn } from 'node:child_process';
import type { ExitStatus } from './cli-process.ts';
import { onLines } from './on-lines.ts';

type Json = Readonly<Record<string, unknown>>;

/** A server over stdio as a client without an SDK sees it. */
export interface StdioServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Sends a request and gives back the message that answers it. */
  request(method: string, params?: Json): Promise<Json>;
  send(message: Json): void;
  callTool(name: string, args: Json, meta?: Json): Promise<Json>;
  /** Every line it printed on stdout. */
  lines(): readonly string[];
  stderr(): string;
  /** Closes its stdin and waits for its end. */
  end(): Promise<ExitStatus>;
  signal(signal: NodeJS.Signals): Promise<ExitStatus>;
}

export interface StdioServerOptions {
  readonly script: string;
  readonly args?: readonly string[];
  readonly node?: string;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it, without its handshake. */
export function startStdioServer(options: StdioServerOptions): StdioServerProcess {
  const { script, args = [], node = process.execPath, nodeArgs = [], env = {} } = options;
  const child = spawn(node, [...nodeArgs, script, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const lines: string[] = [];
  const waiting = new Map<unknown, (message: Json) => void>();
  let stderr = '';
  let lastId = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  onLines(child.stdout, (line) => {
    lines.push(line);
    const message = JSON.parse(line) as Json;
    waiting.get(message['id'])?.(message);
  });
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const ended = exited.then(({ code, signal }) => {
    throw new Error(`The server ended with ${String(signal ?? code)}: ${stderr}`);
  });
  ended.catch(() => undefined);

  const send = (message: Json): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request: StdioServerProcess['request'] = (method, params = {}) => {
    lastId += 1;
    const id = lastId;
    const answer = new Promise<Json>((resolve) => waiting.set(id, resolve));
    send({ id, method, params });
    return Promise.race([answer, ended]);
  };
  const end = (): Promise<ExitStatus> => {
    child.stdin.end();
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    request,
    send,
    callTool: (name, args, meta) =>
      request('tools/call', { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) }),
    lines: () => lines,
    stderr: () => stderr,
    end,
    signal(signal) {
      child.kill(signal);
      return exited;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The handshake of 2025-11-25. */
export async function shakeHands(server: StdioServerProcess): Promise<void> {
  const clientInfo = { name: 'a-client', version: '1.0.0' };
  await server.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  server.send({ method: 'notifications/initialized' });
}
