import { createParser } from 'eventsource-parser';
import type { GatewayProcess } from './gateway-process.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Every JSON-RPC message of the answer, in order. */
  readonly messages: readonly Json[];
}

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An MCP session at the level of HTTP: for what the official client would never send. */
export interface RawSession {
  readonly sessionId: string | null;
  post(body: unknown, options?: PostOptions): Promise<RawAnswer>;
  /** Sends one request and returns the message that answers it. */
  request(method: string, params: Json, options?: PostOptions): Promise<Json>;
  callTool(name: string, args: Json, meta?: Json, options?: PostOptions): Promise<Json>;
}

/** Every JSON-RPC message of an answer, JSON or event stream, in order. */
export async function readMessages(response: Response): Promise<readonly Json[]> {
  const body = await response.text();
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    if (body === '') return [];
    const parsed = JSON.parse(body) as Json | readonly Json[];
    return Array.isArray(parsed) ? (parsed as readonly Json[]) : [parsed as Json];
  }
  const messages: Json[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== '') messages.push(JSON.parse(data) as Json);
    },
  });
  parser.feed(body);
  return messages;
}

export async function openRawSession(gateway: Pick<GatewayProcess, 'rest'>, path: string): Promise<RawSession> {
  let sessionId: string | null = null;
  let lastId = 0;

  async function post(body: unknown, { headers = {}, signal }: PostOptions = {}): Promise<RawAnswer> {
    const response = await gateway.rest(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(sessionId === null ? {} : { 'mcp-session-id': sessionId, 'mcp-protocol-version': '2025-11-25' }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: response.status, headers: response.headers, messages: await readMessages(response) };
  }

  async function request(method: string, params: Json, options: PostOptions = {}): Promise<Json> {
    lastId += 1;
    const id = lastId;
    const { status, messages } = await post({ jsonrpc: '2.0', id, method, params }, options);
    const answer = messages.find((message) => message['id'] === id && !('method' in message));
    if (answer === undefined) throw new Error(`${method} got HTTP ${status} and ${JSON.stringify(messages)}`);
    return answer;
  }

  const clientInfo = { name: 'raw-session', version: '1.0.0' };
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const opened = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params: initialize });
  sessionId = opened.headers.get('mcp-session-id');
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });

  return {
    sessionId,
    post,
    request,
    callTool: (name, args, meta, options) =>
      request('tools/call', { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) }, options),
  };
}

/** The text of a tool's answer. */
export function answerText(answer: Json): string {
  const result = answer['result'] as { content: { text: string }[] } | undefined;
  const text = result?.content[0]?.text;
  if (text === undefined) throw new Error(`Not a result with text: ${JSON.stringify(answer)}`);
  return text;
}

/** The `error` of an answer that must be one. */
export function answerError(answer: Json): { readonly code: number; readonly message: string } {
  const error = answer['error'] as { code: number; message: string } | undefined;
  if (error === undefined) throw new Error(`Not an error: ${JSON.stringify(answer)}`);
  return error;
}
