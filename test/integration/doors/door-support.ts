import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import type { StdioEntry } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import type { Json } from '../../support/raw-session.ts';

export interface Doors {
  readonly origin: string;
  readonly token: string;
}

export interface DoorServer {
  readonly entry: StdioEntry;
  /** The labels of the calls that were cancelled at the server. */
  cancelled(): readonly string[];
  /** A path that is not there yet. */
  newPath(): string;
}

export function doorServer(): DoorServer {
  const folder = temporaryFolder();
  const record = join(folder, 'cancelled');
  let paths = 0;
  const script = fileURLToPath(new URL('./door-server.ts', import.meta.url));
  return {
    entry: { command: process.execPath, args: [script, record] },
    cancelled: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []),
    newPath() {
      paths += 1;
      return join(folder, `go-${paths}`);
    },
  };
}

/** A gateway in front of one door server, which it calls `local`. */
export async function startDoorGateway(): Promise<{ readonly server: DoorServer; readonly gateway: GatewayProcess }> {
  const server = doorServer();
  return { server, gateway: await startGateway({ config: { mcpServers: { local: server.entry } } }) };
}

/** A response that is read event by event, and can be broken off. */
export interface RawStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly events: readonly EventSourceMessage[];
  /** What the server asked clients to wait before they come back, in milliseconds. */
  readonly retry: number | null;
  readonly hasEnded: boolean;
  messages(): readonly Json[];
  /** Resolves with the last message, once all has come: an event's, or the body where it is no event stream. */
  last(): Promise<Json>;
  /** Resolves with the first message, earlier ones included, that fits. */
  hears(what: string, fits: (message: Json) => boolean): Promise<Json>;
  /** The id of the newest event. */
  lastEventId(): string;
  /** Cuts the connection. */
  break(): void;
}

export interface RawRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Resolves once the headers are there. Each stream has a connection of its own. */
export function openRawStream({ origin, token }: Doors, path: string, options: RawRequest = {}): Promise<RawStream> {
  const { method = 'GET', headers = {}, body } = options;
  const events: EventSourceMessage[] = [];
  const pieces: string[] = [];
  let retry: number | null = null;
  let hasEnded = false;
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onRetry: (millis) => {
      retry = millis;
    },
  });
  const messages = (): readonly Json[] =>
    events.filter(({ data, event }) => data !== '' && event !== 'endpoint').map(({ data }) => JSON.parse(data) as Json);
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, origin), {
      method,
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      },
    });
    // Breaking it off is an error to its reader only.
    request.on('error', reject);
    request.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        pieces.push(text);
        parser.feed(text);
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        hasEnded = true;
      });
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        get retry() {
          return retry;
        },
        get hasEnded() {
          return hasEnded;
        },
        messages,
        async last() {
          await eventually('the whole answer is there', () => hasEnded);
          const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
          return isStream ? (messages().at(-1) ?? {}) : (JSON.parse(pieces.join('')) as Json);
        },
        hears: (what, fits) => eventually(what, () => messages().find(fits) ?? null),
        lastEventId: () => events.findLast(({ id }) => id !== undefined)?.id ?? '',
        break() {
          request.destroy();
        },
      });
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Opens an HTTP+SSE stream; resolves with it and the address that its first event gave. */
export async function openLegacyStream(
  doors: Doors,
  path: string,
): Promise<{ readonly stream: RawStream; readonly endpoint: string }> {
  const stream = await openRawStream(doors, path);
  const first = await eventually('the stream says where to send messages', () => stream.events[0] ?? null);
  return { stream, endpoint: first.data };
}

export function initializeRequest(protocolVersion = '2025-11-25', capabilities: Json = {}): Json {
  const params = { protocolVersion, capabilities, clientInfo: { name: 'door-test', version: '1.0.0' } };
  return { jsonrpc: '2.0', id: 0, method: 'initialize', params };
}

export function toolCall(id: number | string, name: string, args: Json, meta: Json = {}): Json {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, _meta: meta } };
}
