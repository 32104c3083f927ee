import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClock } from '../../../src/gateway/clock.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../../src/gateway/gateway.ts';
import { emptyChain } from '../../../src/gateway/interceptor.ts';
import type { CallOutcome, ExchangeOutcome, ExchangeStart, Observer } from '../../../src/gateway/observer.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { silentObserver } from '../../support/silent-observer.ts';

/** One exchange as an observer is told of it. */
export interface SeenExchange {
  readonly start: ExchangeStart;
  readonly operations: { readonly method: string; outcome: CallOutcome | null }[];
  readonly outcomes: ExchangeOutcome[];
}

export interface RecordingObserver extends Observer {
  readonly exchanges: readonly SeenExchange[];
  /** The one exchange with an operation of this method. */
  exchangeOf(method: string): SeenExchange | null;
}

/** Keeps what it is told of exchanges and their operations. */
export function recordingObserver(): RecordingObserver {
  const silent = silentObserver();
  const exchanges: SeenExchange[] = [];
  return {
    ...silent,
    exchanges,
    exchangeOf: (method) => exchanges.find(({ operations }) => operations[0]?.method === method) ?? null,
    exchange(start) {
      const seen: SeenExchange = { start, operations: [], outcomes: [] };
      exchanges.push(seen);
      const inner = silent.exchange(start);
      return {
        correlationId: 'correlation',
        operation(begun) {
          const operation: SeenExchange['operations'][number] = { method: begun.method, outcome: null };
          seen.operations.push(operation);
          return {
            ...inner.operation(begun),
            end(outcome) {
              operation.outcome = outcome;
            },
          };
        },
        end: (outcome) => seen.outcomes.push(outcome),
      };
    },
  };
}

export interface DoorHost extends AsyncDisposable {
  readonly origin: string;
  /** No door of this host asks for it. */
  readonly token: string;
  readonly gateway: Gateway;
  readonly observer: RecordingObserver;
  readonly defects: readonly unknown[];
  /** How many answers lost their connection before their end. The gateway knows of each that is counted. */
  brokenOff(): number;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export interface DoorHostOptions extends Partial<GatewayOptions> {
  readonly servers?: Readonly<Record<string, { readonly command: string; readonly args: readonly string[] }>>;
}

/** A gateway on a listener of its own, without a guard, and with an observer that keeps what it is told. */
export async function startDoorHost({ servers = {}, ...overrides }: DoorHostOptions = {}): Promise<DoorHost> {
  const observer = recordingObserver();
  const defects: unknown[] = [];
  const gateway = createGateway({
    clock: createClock(),
    observer,
    sanitize: (text) => text,
    gatewayVersion: '1.0.0',
    environment: process.env,
    connectTimeoutMillis: 20_000,
    requestTimeoutMillis: 0,
    sessions: 'dedicated',
    idleStopMillis: 0,
    healthCheckMillis: 0,
    interceptor: emptyChain,
    toolNameSeparator: '__',
    maxBodyBytes: 1_000_000,
    maxSessions: 100,
    sessionIdleMillis: 60_000,
    onDefect: (error) => defects.push(error),
    ...overrides,
  });
  for (const [id, { command, args }] of Object.entries(servers))
    await gateway.servers.add(id as ServerId, { type: 'stdio', command, args, env: {}, cwd: null });
  await Promise.all(gateway.servers.all().map((server) => server.settled()));
  const listener = await listen((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!gateway.door.handle(request, response, url)) response.writeHead(404).end();
  });
  return {
    origin: listener.origin,
    token: 'none',
    gateway,
    observer,
    defects,
    brokenOff: () => listener.brokenOff(),
    post: (path, body, headers = {}) =>
      fetch(new URL(path, listener.origin), {
        method: 'POST',
        headers: { accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await listener.close();
    },
  };
}

export interface Listener {
  readonly origin: string;
  /** How many answers lost their connection before their end. */
  brokenOff(): number;
  close(): Promise<void>;
}

export async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Listener> {
  let brokenOff = 0;
  const http = createServer((request, response) => {
    response.on('error', () => undefined);
    response.on('close', () => {
      if (!response.writableFinished) brokenOff += 1;
    });
    handle(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    brokenOff: () => brokenOff,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
