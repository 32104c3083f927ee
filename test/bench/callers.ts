import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createParser } from 'eventsource-parser';
import { Pool } from 'undici';
import { MODERN_VERSION } from '../support/modern-client.ts';

/** One way to reach the echo tool. */
export interface Caller {
  /**
   * Resolves when the answer to one `tools/call` has been read. `traceparent` makes the call findable afterwards; `tool`
   * is the name that the tool has behind a program that renames tools.
   */
  call(traceparent?: string, tool?: string): Promise<void>;
  close(): Promise<void>;
}

const TEXT = 'A line of some length, as a tool would be given: 0123456789 abcdefghijklmnopqrstuvwxyz. '.repeat(2);

const PLAIN: CallForm = { argument: 'text', meta: {} };

const CLIENT_INFO = { name: 'bench', version: '1.0.0' };

interface CallForm {
  /** What the tool calls its text. */
  readonly argument: string;
  /** Sent with each call. */
  readonly meta: object;
}

function toolCall(id: number, traceparent: string | undefined, tool = 'echo', form: CallForm = PLAIN): string {
  const { argument, meta } = form;
  const _meta = { ...meta, ...(traceparent === undefined ? {} : { traceparent }) };
  const params = {
    name: tool,
    arguments: { [argument]: TEXT },
    ...(Object.keys(_meta).length === 0 ? {} : { _meta }),
  };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
}

function initialize(): string {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT_INFO };
  return JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
}

const INITIALIZED = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });

interface Poster {
  /** Sent with each request; may change. */
  readonly headers: Record<string, string>;
  post(body: string): Promise<{ readonly text: string; readonly sessionId: string | null }>;
  close(): Promise<void>;
}

/** A raw keep-alive HTTP client: an SDK client would cost more than what is measured. */
function openPoster(url: string, connections: number, token: string | null): Poster {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  return {
    headers,
    async post(body) {
      const response = await pool.request({ method: 'POST', path: pathname, headers, body });
      const text = await response.body.text();
      if (response.statusCode >= 300) throw new Error(`${url} answered ${response.statusCode}: ${text}`);
      const sessionId = response.headers['mcp-session-id'];
      return { text, sessionId: typeof sessionId === 'string' ? sessionId : null };
    },
    close: () => pool.close(),
  };
}

function callerOf(url: string, { post, close }: Poster, form: CallForm): Caller {
  let lastId = 0;
  return {
    async call(traceparent, tool) {
      lastId += 1;
      const { text } = await post(toolCall(lastId, traceparent, tool, form));
      if (!text.includes('"result"')) throw new Error(`${url} answered ${text}`);
    },
    close,
  };
}

/** A client with a handshake and, where the server wants one, a session. */
export async function httpCaller(
  url: string,
  connections: number,
  token: string | null,
  argument = PLAIN.argument,
): Promise<Caller> {
  const poster = openPoster(url, connections, token);
  const { sessionId } = await poster.post(initialize());
  if (sessionId !== null) poster.headers['mcp-session-id'] = sessionId;
  poster.headers['mcp-protocol-version'] = '2025-11-25';
  await poster.post(INITIALIZED);
  return callerOf(url, poster, { ...PLAIN, argument });
}

/** A client of MCP 2026-07-28: each request says by itself who asks, and repeats in headers what it asks for. */
export function modernHttpCaller(url: string, connections: number, token: string | null): Caller {
  const poster = openPoster(url, connections, token);
  Object.assign(poster.headers, {
    'mcp-protocol-version': MODERN_VERSION,
    'mcp-method': 'tools/call',
    'mcp-name': 'echo',
  });
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
  };
  return callerOf(url, poster, { ...PLAIN, meta });
}

/** A raw client of the older HTTP+SSE transport: messages go by POST, answers come on one stream. */
export async function sseCaller(url: string, connections: number): Promise<Caller> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: connections + 1, pipelining: 1 });
  const waiting = new Map<number, (text: string) => void>();
  const stream = await pool.request({ method: 'GET', path: pathname, headers: { accept: 'text/event-stream' } });
  const messagePath = await new Promise<string>((resolve, reject) => {
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'endpoint') resolve(data);
        else waiting.get(Number((JSON.parse(data) as { id?: number }).id))?.(data);
      },
    });
    const decoder = new TextDecoder();
    stream.body.on('data', (chunk: Buffer) => {
      parser.feed(decoder.decode(chunk, { stream: true }));
    });
    // Closing the pool at the end cuts the stream too.
    stream.body.on('error', reject);
  });

  async function request(id: number, body: string): Promise<void> {
    const answer = new Promise<string>((resolve) => waiting.set(id, resolve));
    await post(body);
    const text = await answer;
    waiting.delete(id);
    if (!text.includes('"result"')) throw new Error(`${url} answered ${text}`);
  }

  async function post(body: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await pool.request({ method: 'POST', path: messagePath, headers, body });
    await response.body.dump();
    if (response.statusCode >= 300) throw new Error(`${url} answered ${response.statusCode}`);
  }

  let lastId = 0;
  await request(0, initialize());
  await post(INITIALIZED);
  return {
    call(traceparent, tool) {
      lastId += 1;
      return request(lastId, toolCall(lastId, traceparent, tool));
    },
    close: () => pool.destroy(),
  };
}

/** A raw client on a child's pipes. */
export async function stdioCaller(script: string): Promise<Caller> {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, () => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id } = JSON.parse(line) as { id: number };
    waiting.get(id)?.();
    waiting.delete(id);
  });
  let lastId = 0;
  const request = (id: number, text: string): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(id, resolve);
      child.stdin.write(`${text}\n`);
    });
  await request(0, initialize());
  child.stdin.write(`${INITIALIZED}\n`);
  return {
    call(traceparent, tool) {
      lastId += 1;
      return request(lastId, toolCall(lastId, traceparent, tool));
    },
    async close() {
      child.stdin.end();
      await exited(child);
    },
  };
}

export interface BenchProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a fixture that prints its address. */
export async function startBenchProcess(script: string, args: readonly string[] = []): Promise<BenchProcess> {
  const child = spawn(process.execPath, [benchScript(script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`${script} ended with code ${String(code)}`));
    });
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.stdin.end();
      await exited(child);
    },
  };
}

export function benchScript(name: string): string {
  return fileURLToPath(new URL(`../fixtures/servers/bench/${name}`, import.meta.url));
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  await new Promise((resolve) => child.once('exit', resolve));
}
