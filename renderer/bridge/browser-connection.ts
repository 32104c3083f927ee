import { awaitFirst, type FirstAnswer } from './await-first.ts';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { z } from 'zod';
import type { Api } from './bridge.ts';
import { RefusedError } from './connection.ts';
import type { Connection, OpenConnection } from './connection.ts';

const TOKEN_KEY = 'throughline.page-token';
const REFUSED_CLOSE_CODE = 4401;
const HANDSHAKE_MS = 10_000;
/** The fragment that `throughline open` puts behind the address: a one-time code, never the token. */
const CODE_FRAGMENT = /^#code=([\w.~-]+)$/;

const tokenReplySchema = z.object({ token: z.string().min(1) });
const readySchema = z.object({ ready: z.literal(true) });

/** What the browser connection needs of its page; a test gives its own. */
export interface PageEnvironment {
  readonly location: Pick<Location, 'hash' | 'href' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly fetch: typeof fetch;
  readonly openSocket: (url: string) => WebSocket;
}

/** Opens the line of a page in a browser: code for token once, then a WebSocket whose first message is the token. */
export function browserConnection(page: PageEnvironment): OpenConnection {
  return async (signal) => {
    const token = await obtainToken(page, signal);
    const url = new URL('/api/ws', page.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.hash = '';
    const socket = page.openSocket(url.href);
    try {
      await introduce(socket, token, signal);
    } catch (thrown) {
      socket.close();
      if (thrown instanceof RefusedError) page.storage.removeItem(TOKEN_KEY);
      throw thrown;
    }
    return connectionOver(socket);
  };
}

async function obtainToken(page: PageEnvironment, signal: AbortSignal): Promise<string> {
  const code = CODE_FRAGMENT.exec(page.location.hash)?.[1];
  if (code === undefined) {
    const kept = page.storage.getItem(TOKEN_KEY);
    if (kept === null) throw new RefusedError('no-code');
    return kept;
  }
  const answer = await page.fetch(new URL('/api/page-token', page.location.href), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
    signal,
  });
  // Only now: a host that was away during the exchange may still be given the code.
  page.history.replaceState(null, '', page.location.pathname + page.location.search);
  if (!answer.ok) {
    // A reloaded address with a spent code is no reason to lose a token that still works.
    const kept = page.storage.getItem(TOKEN_KEY);
    if (kept === null) throw new RefusedError('code-spent');
    return kept;
  }
  const { token } = tokenReplySchema.parse(await answer.json());
  page.storage.setItem(TOKEN_KEY, token);
  return token;
}

/** `WebSocket.CLOSING`. */
const SOCKET_CLOSING = 2;

function introduce(socket: WebSocket, token: string, signal: AbortSignal): Promise<undefined> {
  const patience = { ms: HANDSHAKE_MS, late: 'The gateway did not answer the first message.', signal };
  return awaitFirst(patience, ({ resolve, reject, whileWaiting }: FirstAnswer<undefined>) => {
    socket.addEventListener(
      'open',
      () => {
        // Closed by the other side in the same moment: the close event, which comes next, says so.
        if (socket.readyState < SOCKET_CLOSING) socket.send(JSON.stringify({ token }));
      },
      whileWaiting,
    );
    socket.addEventListener(
      'close',
      (event) => {
        reject(event.code === REFUSED_CLOSE_CODE ? new RefusedError('token-unknown') : new Error('Closed.'));
      },
      whileWaiting,
    );
    socket.addEventListener(
      'message',
      (event) => {
        if (isReady(event.data)) resolve(undefined);
        else reject(new Error('The gateway answered the first message with something else.'));
      },
      whileWaiting,
    );
  });
}

function isReady(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    return readySchema.safeParse(JSON.parse(data)).success;
  } catch {
    // Not JSON, so not the word we wait for.
    return false;
  }
}

function connectionOver(socket: WebSocket): Connection {
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener(
      'close',
      () => {
        resolve();
      },
      { once: true },
    );
  });
  return {
    api: createORPCClient<Api>(new RPCLink({ websocket: socket })),
    closed,
    close: () => {
      socket.close();
    },
  };
}
