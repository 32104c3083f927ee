import type { AddressInfo } from 'node:net';
import { implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { browserConnection } from '../../../renderer/bridge/browser-connection.ts';
import type { PageEnvironment } from '../../../renderer/bridge/browser-connection.ts';
import { RefusedError } from '../../../renderer/bridge/connection.ts';
import { contract } from '../../../src/shared/contract/contract.ts';
import type { AppInfo } from '../../../src/shared/contract/messages.ts';

const PAGE_TOKEN = 'page-token-1';

const info: AppInfo = {
  version: '9.9.9',
  host: 'headless',
  canManage: false,
  origin: 'http://127.0.0.1',
  mcpUrl: 'http://127.0.0.1/mcp',
  otlpUrl: 'http://127.0.0.1/v1/traces',
  tokenFile: null,
  secretStorage: { kind: 'run', file: null },
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A real WebSocket server that takes one token and then speaks the contract. */
async function startHost(): Promise<{ origin: string; firstMessages: string[] }> {
  const implementer = implement(contract);
  const handler = new RPCHandler({ app: { info: implementer.app.info.handler(() => info) } });
  const firstMessages: string[] = [];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/api/ws' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => {
    socket.once('message', (data: Buffer) => {
      firstMessages.push(data.toString());
      if (data.toString() !== JSON.stringify({ token: PAGE_TOKEN })) {
        socket.close(4401);
        return;
      }
      socket.send('{"ready":true}');
      void handler.upgrade(socket);
    });
  });
  open.push(
    () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => {
          resolve();
        });
      }),
  );
  return { origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, firstMessages };
}

interface PageWish {
  readonly hash?: string;
  readonly kept?: string;
  readonly exchange?: { readonly status: number; readonly body: unknown };
}

function makePage(origin: string, { hash = '', kept, exchange }: PageWish) {
  const box = new Map<string, string>(kept === undefined ? [] : [['throughline.page-token', kept]]);
  const record = { addresses: [] as string[], bodies: [] as unknown[], box };
  const location = { hash, href: `${origin}/${hash}`, pathname: '/', search: '' };
  const page: PageEnvironment = {
    location,
    history: {
      replaceState: (_data, _unused, url) => {
        record.addresses.push(String(url));
        location.hash = '';
      },
    },
    storage: {
      getItem: (key) => box.get(key) ?? null,
      setItem: (key, value) => void box.set(key, value),
      removeItem: (key) => void box.delete(key),
    },
    fetch: (_url, init) => {
      record.bodies.push(init?.body);
      if (exchange === undefined) return Promise.reject(new TypeError('network'));
      return Promise.resolve(Response.json(exchange.body, { status: exchange.status }));
    },
    openSocket: (url) => new WebSocket(url),
  };
  return { page, record };
}

const signal = new AbortController().signal;

describe('the way in from a browser', () => {
  it('S27: trades the one-time code for a page token, wipes it from the address and keeps the token for a reload', async () => {
    const host = await startHost();
    const { page, record } = makePage(host.origin, {
      hash: '#code=abc-123',
      exchange: { status: 200, body: { token: PAGE_TOKEN } },
    });
    const connection = await browserConnection(page)(signal);
    expect(record.bodies).toEqual(['{"code":"abc-123"}']);
    expect(record.addresses).toEqual(['/']);
    expect([...record.box.values()]).toEqual([PAGE_TOKEN]);
    expect(host.firstMessages).toEqual([JSON.stringify({ token: PAGE_TOKEN })]);
    expect(await connection.api.app.info()).toEqual(info);
    connection.close();
    await connection.closed;
  });

  it('uses the kept token when there is no code', async () => {
    const host = await startHost();
    const { page, record } = makePage(host.origin, { kept: PAGE_TOKEN });
    const connection = await browserConnection(page)(signal);
    expect(record.bodies).toEqual([]);
    expect((await connection.api.app.info()).version).toBe('9.9.9');
    connection.close();
  });

  it('is refused without code and token, and with a code that was used', async () => {
    const bare = makePage('http://127.0.0.1:9', {});
    await expect(browserConnection(bare.page)(signal)).rejects.toEqual(new RefusedError('no-code'));
    const spent = makePage('http://127.0.0.1:9', { hash: '#code=old', exchange: { status: 403, body: {} } });
    await expect(browserConnection(spent.page)(signal)).rejects.toEqual(new RefusedError('code-spent'));
  });

  it('goes on with a token that still works when the code in the address was used before', async () => {
    const host = await startHost();
    const wish = { hash: '#code=old', kept: PAGE_TOKEN, exchange: { status: 403, body: {} } };
    const connection = await browserConnection(makePage(host.origin, wish).page)(signal);
    connection.close();
  });

  it('forgets a token that the host does not know', async () => {
    const host = await startHost();
    const { page, record } = makePage(host.origin, { kept: 'of-an-earlier-run' });
    await expect(browserConnection(page)(signal)).rejects.toEqual(new RefusedError('token-unknown'));
    expect(record.box.size).toBe(0);
  });

  it('keeps code and address when the host was away, so that the next try can use them', async () => {
    const { page, record } = makePage('http://127.0.0.1:9', { hash: '#code=abc' });
    await expect(browserConnection(page)(signal)).rejects.toThrow('network');
    expect(record.addresses).toEqual([]);
  });
});
