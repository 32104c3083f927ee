import { createParser } from 'eventsource-parser';
import { readMessages, type Json, type RawAnswer } from './raw-session.ts';

export const MODERN_VERSION = '2026-07-28';

const ENVELOPE = 'io.modelcontextprotocol/';

/** A gateway, or a server itself, which asks for no token. */
export interface ModernEndpoint {
  readonly origin: string;
  readonly token?: string;
}

export interface ModernClientOptions {
  readonly clientInfo?: Json;
  /** Declared with every request; nothing unless given. */
  readonly capabilities?: Json;
  /** Without it no log messages may come. */
  readonly logLevel?: string;
}

export interface SendOptions {
  /** Over those that the request would have; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Over the keys that the request would have; undefined leaves one out, null leaves out `_meta`. */
  readonly meta?: Json | null;
  readonly signal?: AbortSignal;
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export interface ModernAnswer extends RawAnswer {
  /** Of the message that answers the request; one of the two is there unless the answer has no such message. */
  readonly result: Json | undefined;
  readonly error: RpcError | undefined;
}

/** An answer that is read while it comes. */
export interface ModernStream extends AsyncDisposable {
  /** The id of the request: what tags the notifications of a subscription. */
  readonly id: number;
  readonly status: number;
  readonly headers: Headers;
  /** The next message, which may have come before it was asked for; null when the stream has ended. */
  next(): Promise<Json | null>;
  /** Hangs up, which cancels the request. */
  close(): Promise<void>;
}

/** A client of MCP 2026-07-28 at the level of HTTP: for what the official client would never send, or never show. */
export interface ModernClient {
  send(method: string, params?: Json, options?: SendOptions): Promise<ModernAnswer>;
  callTool(name: string, args?: Json, options?: SendOptions): Promise<ModernAnswer>;
  /** Sends one request and leaves its answer open. */
  open(method: string, params?: Json, options?: Omit<SendOptions, 'signal'>): Promise<ModernStream>;
  /** `subscriptions/listen` with this filter, such as `{ toolsListChanged: true }`. */
  listen(filter: Json, options?: Omit<SendOptions, 'signal'>): Promise<ModernStream>;
}

/** A value as `Mcp-Name` and `Mcp-Param-*` carry it: as it is, or encoded where a header could not hold it. */
export function mcpHeaderValue(value: string): string {
  const plain = /^[\x20-\x7e]*$/.test(value) && value.trim() === value && !value.startsWith('=?base64?');
  return plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

/** The value that `Mcp-Name` mirrors; undefined where the method has none. */
function mirroredName(method: string, params: Json): string | undefined {
  const named = method === 'tools/call' || method === 'prompts/get';
  const value = named ? params['name'] : method === 'resources/read' ? params['uri'] : undefined;
  return typeof value === 'string' ? mcpHeaderValue(value) : undefined;
}

function present(headers: Readonly<Record<string, string | undefined>>): Headers {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) kept.set(name, value);
  return kept;
}

/** Opens nothing: each request stands alone. */
export function openModernClient(
  { origin, token }: ModernEndpoint,
  path: string,
  { clientInfo = { name: 'modern-client', version: '1.0.0' }, capabilities = {}, logLevel }: ModernClientOptions = {},
): ModernClient {
  let lastId = 0;

  function envelope(meta: Json): Json {
    return {
      [`${ENVELOPE}protocolVersion`]: MODERN_VERSION,
      [`${ENVELOPE}clientInfo`]: clientInfo,
      [`${ENVELOPE}clientCapabilities`]: capabilities,
      [`${ENVELOPE}logLevel`]: logLevel,
      ...meta,
    };
  }

  async function post(
    method: string,
    params: Json,
    { headers = {}, meta = {}, signal }: SendOptions,
  ): Promise<{ readonly id: number; readonly response: Response }> {
    lastId += 1;
    const id = lastId;
    const _meta = meta === null ? undefined : envelope(meta);
    const version = _meta?.[`${ENVELOPE}protocolVersion`];
    const response = await fetch(new URL(path, origin), {
      method: 'POST',
      headers: present({
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: token === undefined ? undefined : `Bearer ${token}`,
        'mcp-protocol-version': typeof version === 'string' ? version : MODERN_VERSION,
        'mcp-method': method,
        'mcp-name': mirroredName(method, params),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      }),
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { id, response };
  }

  async function send(method: string, params: Json = {}, options: SendOptions = {}): Promise<ModernAnswer> {
    const { id, response } = await post(method, params, options);
    const messages = await readMessages(response);
    const answer = messages.find((message) => message['id'] === id && !('method' in message));
    return {
      status: response.status,
      headers: response.headers,
      messages,
      result: answer?.['result'] as Json | undefined,
      error: answer?.['error'] as RpcError | undefined,
    };
  }

  async function open(
    method: string,
    params: Json = {},
    options: Omit<SendOptions, 'signal'> = {},
  ): Promise<ModernStream> {
    const hangUp = new AbortController();
    const { id, response } = await post(method, params, { ...options, signal: hangUp.signal });
    return streamOf(id, response, hangUp);
  }

  return {
    send,
    open,
    callTool: (name, args = {}, options) => send('tools/call', { name, arguments: args }, options),
    listen: (filter, options) => open('subscriptions/listen', { notifications: filter }, options),
  };
}

function streamOf(id: number, response: Response, hangUp: AbortController): ModernStream {
  const { status, headers } = response;
  const messages = messagesOf(response);
  async function close(): Promise<void> {
    hangUp.abort();
    // What has come but was not asked for yet is not handed out any more.
    await messages.return(undefined);
  }
  return {
    id,
    status,
    headers,
    async next() {
      try {
        const { value, done } = await messages.next();
        return done === true ? null : value;
      } catch (error) {
        if (hangUp.signal.aborted) return null;
        throw error;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function* messagesOf(response: Response): AsyncGenerator<Json, undefined> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isStream || response.body === null) {
    yield* await readMessages(response);
    return undefined;
  }
  const arrived: Json[] = [];
  const parser = createParser({
    onEvent({ data }) {
      if (data !== '') arrived.push(JSON.parse(data) as Json);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
  }
  return undefined;
}
