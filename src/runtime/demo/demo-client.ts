import { EventSourceParserStream } from 'eventsource-parser/stream';
import { messageOf, UserError } from '../../shared/kernel/user-error.ts';

const PROTOCOL_VERSION = '2025-11-25';
/** Longest wait for an answer to a message that only says goodbye, in milliseconds. */
const FAREWELL_MS = 1_000;

export type Json = Readonly<Record<string, unknown>>;

export interface DemoClientOptions {
  /** The gateway's endpoint, for example `http://127.0.0.1:4318/servers/demo/mcp`. */
  readonly mcpUrl: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
}

/** A minimal MCP client over Streamable HTTP (2025-11-25): what a user's own agent would send, and nothing more. */
export interface DemoClient {
  /** Opens the session. Rejects with a UserError when the gateway does not take part. */
  initialize(signal: AbortSignal): Promise<void>;
  /** Resolves with the JSON-RPC message that answers. When `signal` aborts, the server is told and the promise rejects. */
  request(method: string, params: Json, signal: AbortSignal): Promise<Json>;
  /** Ends the session; takes at most a second and never rejects. */
  close(): Promise<void>;
}

export function createDemoClient({ mcpUrl, token, fetch }: DemoClientOptions): DemoClient {
  let sessionId: string | null = null;
  let protocolVersion: string | null = null;
  let lastId = 0;

  const headers = (): Record<string, string> => headersOf(token, sessionId, protocolVersion);

  async function post(message: Json, signal: AbortSignal): Promise<Response> {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    const response = await fetch(mcpUrl, { method: 'POST', headers: headers(), body, signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new UserError(
        `The gateway answered the demo with HTTP ${response.status}; look at its log, then play the demo again.`,
      );
    }
    return response;
  }

  async function notify(method: string, params: Json, signal: AbortSignal): Promise<void> {
    const response = await post({ method, params }, signal);
    await response.body?.cancel();
  }

  async function request(method: string, params: Json, signal: AbortSignal): Promise<Json> {
    lastId += 1;
    const id = lastId;
    // The stream of a cancelled call is closed only after the server has heard of it: closing alone cancels nothing.
    const stream = new AbortController();
    const cancel = (): void => {
      const goodbye = { requestId: id, reason: 'The demo was stopped' };
      void notify('notifications/cancelled', goodbye, AbortSignal.timeout(FAREWELL_MS))
        // The gateway may be stopping as well; the stream ends either way.
        .catch(() => undefined)
        .finally(() => {
          stream.abort(signal.reason);
        });
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const response = await post({ id, method, params }, stream.signal);
      sessionId ??= response.headers.get('mcp-session-id');
      return await readAnswer(response, id);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  return {
    request,
    async initialize(signal) {
      const clientInfo = { name: 'Throughline demo', version: '1.0.0' };
      const params = { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo };
      const answer = await request('initialize', params, signal);
      const version = objectAt(answer, 'result')['protocolVersion'];
      if (typeof version !== 'string') {
        throw new UserError('The demo server could not be started; look at its state under Servers, then try again.');
      }
      protocolVersion = version;
      await notify('notifications/initialized', {}, signal);
    },
    async close() {
      if (sessionId === null) return;
      const farewell = AbortSignal.timeout(FAREWELL_MS);
      await fetch(mcpUrl, { method: 'DELETE', headers: headers(), signal: farewell })
        .then((response) => response.body?.cancel())
        // A session that cannot be ended is ended by the gateway's own clock.
        .catch((error: unknown) => messageOf(error));
      sessionId = null;
    },
  };
}

function headersOf(token: string, sessionId: string | null, protocolVersion: string | null): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(sessionId === null ? {} : { 'mcp-session-id': sessionId }),
    ...(protocolVersion === null ? {} : { 'mcp-protocol-version': protocolVersion }),
  };
}

export function objectAt(container: Json, key: string): Json {
  const value = container[key];
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readAnswer(response: Response, id: number): Promise<Json> {
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (!streamed || response.body === null) {
    const message: unknown = await response.json();
    if (isObject(message)) return message;
    throw new UserError('The gateway answered the demo with something that is not a JSON-RPC message.');
  }
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onError: 'terminate' }));
  for await (const { data } of events) {
    if (data === '') continue;
    const message: unknown = JSON.parse(data);
    if (isObject(message) && message['id'] === id && !('method' in message)) return message;
  }
  throw new UserError('The gateway ended the demo\u2019s call without an answer.');
}
