import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The body, byte for byte. */
  readonly text: string;
  readonly response: ServerResponse;
}

export interface ScriptedGatewayOptions {
  readonly port?: number;
  /** Answers a POST in place of the usual answer; true when it did. */
  readonly onPost?: (received: Received, gateway: ScriptedGateway) => boolean;
  readonly onGet?: (received: Received, gateway: ScriptedGateway) => boolean;
  readonly capabilities?: Readonly<Record<string, unknown>>;
}

const LISTS = { tools: { listChanged: true }, resources: { listChanged: true }, prompts: {} };

/** What the bridge speaks to, at the level of HTTP, doing what a test says and keeping all that it received. */
export class ScriptedGateway implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly sessions = new Set<string>();
  readonly #options: ScriptedGatewayOptions;
  readonly #server: Server;

  private constructor(options: ScriptedGatewayOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async start(options: ScriptedGatewayOptions = {}): Promise<ScriptedGateway> {
    const gateway = new ScriptedGateway(options);
    gateway.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(gateway.#server, 'listening');
    return gateway;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The messages that were posted, in the order in which they came. */
  get posted(): readonly string[] {
    return this.received.filter(({ method }) => method === 'POST').map(({ text }) => text);
  }

  /** The streams for news that are open. */
  get news(): readonly ServerResponse[] {
    return this.received
      .filter(({ method, response }) => method === 'GET' && response.headersSent && !response.closed)
      .map(({ response }) => response);
  }

  /** As a process that is killed goes: every connection is cut, and the port is free. */
  async kill(): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      // Cut off by the test.
      return;
    }
    const { method = '', url = '', headers } = request;
    const text = Buffer.concat(chunks).toString('utf8');
    const received = { method, path: url, headers, text, response };
    this.received.push(received);
    if (method === 'POST') this.#post(received);
    else if (method === 'GET') this.#get(received);
    else response.writeHead(200).end();
  }

  #post(received: Received): void {
    const { headers, text, response } = received;
    if (this.#options.onPost?.(received, this) === true) return;
    const message = readLoosely(text);
    if (message.method === 'initialize') {
      const session = randomUUID();
      this.sessions.add(session);
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: this.#options.capabilities ?? LISTS,
        serverInfo: { name: 'scripted', version: '1' },
      };
      sendJson(response, JSON.stringify({ jsonrpc: '2.0', id: message.id, result }), { 'mcp-session-id': session });
    } else if (!this.sessions.has(String(headers['mcp-session-id']))) {
      const error = { code: -32_001, message: 'This session is not known.' };
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
    } else if (message.id === undefined || message.method === undefined) response.writeHead(202).end();
    else sendJson(response, JSON.stringify({ jsonrpc: '2.0', id: message.id, result: {} }));
  }

  #get(received: Received): void {
    if (this.#options.onGet?.(received, this) === true) return;
    if (this.sessions.has(String(received.headers['mcp-session-id']))) beginEvents(received.response);
    else received.response.writeHead(404).end();
  }
}

export function sendJson(response: ServerResponse, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(text);
}

export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

export function sendEvent(response: ServerResponse, text: string, id?: string): void {
  const data = text.split(/\r\n|\r|\n/).join('\ndata: ');
  response.write(`${id === undefined ? '' : `id: ${id}\n`}event: message\ndata: ${data}\n\n`);
}

interface Loose {
  readonly id?: unknown;
  readonly method?: unknown;
}

export function readLoosely(text: string): Loose {
  try {
    return JSON.parse(text) as Loose;
  } catch {
    // Some tests send what is no JSON.
    return {};
  }
}
