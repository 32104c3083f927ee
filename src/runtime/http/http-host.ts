import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { UserError } from '../../shared/kernel/user-error.ts';
import type { ReportFailure } from '../log.ts';
import { createGuard, type Guard, type GuardRequest, type IngestKey, type Refusal } from './guard.ts';
import type { HttpDoor } from './http-door.ts';
import { errorBody, sendError } from './replies.ts';
import { createRepliesUnderWay } from './replies-under-way.ts';

/** Takes over a connection that asked for a WebSocket and passed the guard. */
export interface UpgradeDoor {
  /** True when the address is its own; it then answers on the socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): boolean;
}

export interface HttpHostOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Needed on every route that is not public. */
  readonly token: string;
  readonly isPublic: (method: string, path: string) => boolean;
  /** See GuardOptions. */
  readonly ingest?: IngestKey;
  /** Asked in order; the first that takes a request has it. */
  readonly doors: readonly HttpDoor[];
  readonly upgrade: UpgradeDoor | null;
  readonly report: ReportFailure;
  /** What is still answered after `drain`. Nothing, where it is left out. */
  readonly staysOpen?: (path: string) => boolean;
  /** How long `drain` and `close` wait for replies that are under way, in milliseconds. */
  readonly closeGraceMs?: number;
}

export interface HttpHost {
  /** For example `http://127.0.0.1:4820`. */
  readonly origin: string;
  readonly port: number;
  /** From now on takes nothing but what stays open; gives other replies under way a moment, then cuts them off. */
  drain(): Promise<void>;
  /** Stops listening, gives replies under way a moment, then cuts every connection. Idempotent. */
  close(): Promise<void>;
}

const LOOPBACK_ADDRESS = '127.0.0.1';
const CLOSE_GRACE_MS = 1_000;
/** Node bounds only the time a request takes to arrive with these, never the time its reply (a stream) takes. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 60_000,
  maxHeaderSize: 32 * 1024,
} as const;
const MAX_CONNECTIONS = 1_024;

/**
 * The one listener of the product: loopback only (S1), the guard before every door, one JSON sentence for whatever no
 * door takes. Rejects with a UserError when the port cannot be had.
 */
export async function createHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const connections = new Set<Duplex>();
  const server = createServer({
    ...LIMITS,
    // Judged by the guard instead, so that a missing Host gets its sentence too.
    requireHostHeader: false,
    // Clients that offer h2c on every request (Java's) still get their HTTP/1.1 answer.
    shouldUpgradeCallback: isWebSocketUpgrade,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket: Duplex) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('clientError', answerBrokenRequest);

  await listen(server, options.port);
  const port = (server.address() as AddressInfo).port;
  const origin = `http://${LOOPBACK_ADDRESS}:${port}`;
  const { token, isPublic, ingest } = options;
  const guard = createGuard({ port, token, isPublic, ...(ingest !== undefined && { ingest }) });
  const underWay = createRepliesUnderWay();
  let isDraining = false;
  server.on('request', (request, response) => {
    if (!(options.staysOpen?.(pathOf(request)) ?? false)) {
      if (isDraining) {
        turnAway(request, response);
        return;
      }
      underWay.add(response);
    }
    answer(request, response, origin, guard, options);
  });
  server.on('upgrade', (request, socket, head) => {
    answerUpgrade(request, socket, head, guard, options.upgrade);
  });

  const graceMs = options.closeGraceMs ?? CLOSE_GRACE_MS;
  let closing: Promise<void> | undefined;
  return {
    origin,
    port,
    drain() {
      isDraining = true;
      return underWay.ended(graceMs);
    },
    close() {
      closing ??= closeServer(server, connections, graceMs);
      return closing;
    },
  };
}

/** Before the guard: there is nothing left that a token could open. */
function turnAway(request: IncomingMessage, response: ServerResponse): void {
  response.on('error', () => undefined);
  response.setHeader('Connection', 'close');
  sendError(response, pathOf(request), 503, 'The gateway is being stopped.');
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  guard: Guard,
  options: HttpHostOptions,
): void {
  // A caller that goes away is no failure of ours; doors that care listen for 'close' themselves.
  response.on('error', () => undefined);
  const path = pathOf(request);
  const refusal = guard.request(guardRequestOf(request, path));
  if (refusal !== null) {
    sendError(response, path, refusal.status, refusal.message);
    return;
  }
  const url = path === '' ? null : URL.parse(origin + (request.url ?? ''));
  if (url === null) {
    sendError(response, path, 400, 'The address of this request cannot be read.');
    return;
  }
  try {
    for (const door of options.doors) if (door.handle(request, response, url)) return;
  } catch (thrown) {
    options.report(`Answering ${request.method ?? ''} ${path}`, thrown);
    sendError(response, path, 500, 'The gateway failed to answer this request: its log says why.');
    return;
  }
  sendError(response, path, 404, 'There is nothing at this address.');
}

function answerUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  guard: Guard,
  door: UpgradeDoor | null,
): void {
  // The peer may vanish while it is being refused.
  socket.on('error', () => socket.destroy());
  const path = pathOf(request);
  const { hosts, origins } = guardRequestOf(request, path);
  const refusal: Refusal | null = isWebSocketUpgrade(request)
    ? guard.page({ hosts, origins })
    : { status: 403, message: 'Only WebSocket connections can be upgraded here.' };
  if (refusal !== null) {
    refuseUpgrade(socket, path, refusal.status, refusal.message);
  } else if (door === null || !door.upgrade(request, socket, head, path)) {
    refuseUpgrade(socket, path, 404, 'There is nothing at this address.');
  }
}

/** Answers an upgrade with a plain HTTP reply and ends the connection. */
export function refuseUpgrade(socket: Duplex, path: string, status: 401 | 403 | 404 | 503, message: string): void {
  const body = JSON.stringify(errorBody(path, message));
  const reason = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' }[status];
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function guardRequestOf(request: IncomingMessage, path: string): GuardRequest {
  const headers = request.headersDistinct;
  return {
    method: request.method ?? '',
    path,
    hosts: headers.host ?? [],
    origins: headers.origin ?? [],
    authorizations: headers.authorization ?? [],
  };
}

/** Only the origin form (`/path?query`) is served: an absolute target would carry a second, unchecked host. */
function pathOf(request: IncomingMessage): string {
  const target = request.url ?? '';
  if (!target.startsWith('/')) return '';
  return target.split(/[?#]/, 1)[0] ?? '';
}

function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(listenFailure(error, port));
    });
    server.listen({ host: LOOPBACK_ADDRESS, port, exclusive: true }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenFailure(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} is in use. Stop the program that uses it, or choose another with --port (--port 0 takes a free one).`,
    );
  }
  if (error.code === 'EACCES')
    return new UserError(`Port ${port} needs more rights. Choose one above 1023 with --port.`);
  return error;
}

function closeServer(server: Server, connections: ReadonlySet<Duplex>, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      // Upgraded sockets are no longer the server's, so its own closeAllConnections would miss them.
      for (const socket of connections) socket.destroy();
    }, graceMs);
    server.close(() => {
      clearTimeout(timer);
      for (const socket of connections) socket.destroy();
      resolve();
    });
    server.closeIdleConnections();
  });
}
