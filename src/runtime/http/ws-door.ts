import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { z } from 'zod';
import type { ReportFailure } from '../log.ts';
import { MAX_FILE_BYTES } from '../../shared/contract/schemas.ts';
import { parseJson } from '../../shared/kernel/parse-json.ts';
import type { ContractContext, ContractRouter } from '../operations/context.ts';
import { limitOpenRequests } from '../operations/open-requests.ts';
import { isRpcFrame } from '../operations/rpc-frame.ts';
import { refuseUpgrade, type UpgradeDoor } from './http-host.ts';
import type { PageRights, PageSessions } from './page-sessions.ts';

export const WS_PATH = '/api/ws';

/** Close codes in the range that applications may use (RFC 6455, 7.4.2). */
export const CLOSE_UNAUTHORIZED = 4401;
const CLOSE_UNREADABLE = 1003;
const CLOSE_GOING_AWAY = 1001;

/** A file in base64, and what stands around it. */
const MAX_MESSAGE_BYTES = Math.ceil(MAX_FILE_BYTES / 3) * 4 + 64 * 1024;
const MAX_FIRST_MESSAGE_BYTES = 1_024;
/** Of a socket that has not shown its token: its first message and frames that say nothing. */
const MAX_UNKNOWN_BYTES = 16 * 1024;
/** A file that a page asked for, and what it is told meanwhile. */
const MAX_BUFFERED_BYTES = 2 * MAX_MESSAGE_BYTES;
const MAX_SOCKETS = 64;
const FIRST_MESSAGE_TIMEOUT_MS = 5_000;

export interface WsDoorOptions {
  readonly sessions: PageSessions;
  readonly router: ContractRouter;
  readonly report: ReportFailure;
  /** Longest wait for the first message, in milliseconds. */
  readonly firstMessageTimeoutMs?: number;
  /** Most bytes that may wait for a page that does not read. */
  readonly maxBufferedBytes?: number;
}

export interface WsDoor extends UpgradeDoor {
  /** Sockets that are open now. */
  pageCount(): number;
  /** Closes every page's socket and takes no more. Idempotent. */
  close(): void;
}

/**
 * The contract over a WebSocket. The first message is `{"token": PAGE_TOKEN}`, answered by `{"ready":true}`; from then on
 * the socket speaks oRPC. Host and Origin were checked before the upgrade.
 */
export function createWsDoor(options: WsDoorOptions): WsDoor {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const handler = new RPCHandler<ContractContext>(options.router, { interceptors: [limitOpenRequests()] });
  let closed = false;

  const welcome = (socket: WebSocket, wire: Duplex): void => {
    // Errors of one socket (bad frames, resets) end that socket; 'close' follows.
    socket.on('error', () => undefined);
    const becomesKnown = boundUnknown(wire);
    awaitToken(socket, options, (rights) => {
      becomesKnown();
      socket.send('{"ready":true}');
      void handler.upgrade(boundedSocket(socket, options), { context: { canManage: rights.canManage } });
    });
  };

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string) {
      if (path !== WS_PATH) return false;
      if (closed || server.clients.size >= MAX_SOCKETS) {
        refuseUpgrade(socket, path, 503, 'Too many pages are open: close some and try again.');
      } else {
        server.handleUpgrade(request, socket, head, (opened) => {
          welcome(opened, socket);
        });
      }
      return true;
    },
    pageCount: () => server.clients.size,
    close() {
      closed = true;
      for (const socket of server.clients) socket.close(CLOSE_GOING_AWAY);
    },
  };
}

/**
 * Ends a connection that sends much before it has shown its token: a message may be as large as a file, and would be kept
 * until it is whole. Answers with what ends the watch.
 */
function boundUnknown(wire: Duplex): () => void {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.byteLength;
    if (bytes > MAX_UNKNOWN_BYTES) wire.destroy();
  };
  wire.on('data', count);
  return () => {
    wire.off('data', count);
  };
}

const firstMessageSchema = z.strictObject({ token: z.string() });

function awaitToken(socket: WebSocket, options: WsDoorOptions, admit: (rights: PageRights) => void): void {
  const refuse = (reason: string): void => {
    socket.close(CLOSE_UNAUTHORIZED, reason);
  };
  const timer = setTimeout(() => {
    refuse('No token came.');
  }, options.firstMessageTimeoutMs ?? FIRST_MESSAGE_TIMEOUT_MS);
  socket.once('close', () => {
    clearTimeout(timer);
  });
  socket.once('message', (data: RawData, isBinary: boolean) => {
    clearTimeout(timer);
    const token = isBinary ? null : tokenOf(textOf(data));
    const rights = token === null ? null : options.sessions.rightsOf(token);
    if (rights === null) refuse('The first message must hold a valid page token.');
    else admit(rights);
  });
}

function tokenOf(text: string): string | null {
  if (text.length > MAX_FIRST_MESSAGE_BYTES) return null;
  const parsed = firstMessageSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data.token : null;
}

/**
 * What oRPC gets to see of a socket: frames that it can read (it would print what it cannot), and a `send` that gives up
 * on a page that stopped reading instead of keeping its answers in memory.
 */
function boundedSocket(socket: WebSocket, options: WsDoorOptions): Pick<WebSocket, 'addEventListener' | 'send'> {
  const maxBuffered = options.maxBufferedBytes ?? MAX_BUFFERED_BYTES;
  return {
    send(data: string | Uint8Array) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > maxBuffered) {
        options.report('Sending to a page', new Error('the page stopped reading, so its connection was closed'));
        // A close frame would wait behind everything that is not being read.
        socket.terminate();
        return;
      }
      socket.send(data);
    },
    addEventListener(type, listener) {
      socket.addEventListener(type, (event) => {
        if ('data' in event && !isRpcFrame(event.data)) {
          socket.close(CLOSE_UNREADABLE, 'This message cannot be read.');
        } else if (typeof listener === 'function') listener(event);
        else listener.handleEvent(event);
      });
    },
  };
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : '';
}
