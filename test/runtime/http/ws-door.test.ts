import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MAX_FILE_BYTES } from '../../../src/shared/contract/schemas.ts';
import { bearer, startDoors, TOKEN, type DoorsOptions, type DoorsUnderTest } from '../../support/headless-doors.ts';
import { eventually } from '../../support/eventually.ts';
import { connectPage, openPage, pageTokenOf } from '../../support/page.ts';
import { sendRaw } from '../../support/raw-http.ts';

const started: DoorsUnderTest[] = [];

async function start(options?: DoorsOptions): Promise<DoorsUnderTest> {
  const doors = await startDoors(options);
  started.push(doors);
  return doors;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((doors) => doors.stop()));
});

async function closeCodeOf(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

/** The HTTP status that an upgrade is refused with. */
async function refusalOf(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  socket.on('error', () => undefined);
  socket.terminate();
  return response.statusCode;
}

describe('the upgrade', () => {
  it.each([
    ['a foreign Origin', { Origin: 'http://evil.test' }],
    ['Origin null', { Origin: 'null' }],
    ['no Origin', {}],
    ['no Origin but the token', bearer()],
    ['a foreign Host', { Host: 'evil.test', Origin: 'OWN' }],
    ['a rebound name', { Host: 'evil.test:PORT', Origin: 'http://evil.test:PORT' }],
  ])('S2, S3: is refused with 403 for %s', async (_, given: Record<string, string>) => {
    const { origin, port } = await start();
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace('OWN', origin).replace('PORT', String(port))]),
    );
    expect(await refusalOf(`${origin.replace('http', 'ws')}/api/ws`, headers)).toBe(403);
  });

  it('is refused with 404 anywhere else', async () => {
    const { origin } = await start();
    for (const path of ['/', '/mcp', '/api/ws/more', '/api/traces']) {
      expect(await refusalOf(origin.replace('http', 'ws') + path, { Origin: origin })).toBe(404);
    }
  });

  it('survives a peer that vanishes while it is being refused', async () => {
    const { origin, port } = await start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /api/ws HTTP/1.1\r\nHost: evil.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.resetAndDestroy();
    expect((await fetch(`${origin}/health`, { headers: bearer() })).status).toBe(200);
  });

  it('refuses a handshake that is not one', async () => {
    const { origin, port } = await start();
    const headers = [`Host: 127.0.0.1:${port}`, `Origin: ${origin}`, 'Connection: Upgrade', 'Upgrade: websocket'];
    expect((await sendRaw(port, ['GET /api/ws HTTP/1.1', ...headers])).status).toBe(400);
  });
});

describe('the first message', () => {
  it('S4: answers a valid page token with {"ready":true} and then speaks the contract', async () => {
    const doors = await start();
    const page = await openPage(doors.origin, await pageTokenOf(doors.createUiUrl(false)));
    expect(await page.client.app.info()).toMatchObject({ host: 'headless', canManage: false });
  });

  it('S27: a page token works again after a reload, the code does not', async () => {
    const doors = await start();
    const ui = doors.createUiUrl(true);
    const token = await pageTokenOf(ui);
    await openPage(doors.origin, token);
    const again = await openPage(doors.origin, token);
    expect((await again.client.app.info()).canManage).toBe(true);
    await expect(pageTokenOf(ui)).rejects.toThrow('403');
  });

  it.each([
    ['a wrong token', '{"token":"wrong"}'],
    ["the gateway's own token", JSON.stringify({ token: TOKEN })],
    ['something else', '{"hello":1}'],
    ['a token and more', '{"token":"x","canManage":true}'],
    ['text that is not JSON', 'hello'],
    ['an oRPC call', '{"i":"1","p":{"u":"/app/info"}}'],
    ['nothing', ''],
    ['too much', JSON.stringify({ token: 'x'.repeat(2_000) })],
  ])('S4: closes with 4401 for %s', async (_, message) => {
    const doors = await start();
    const socket = await connectPage(doors.origin);
    const closed = closeCodeOf(socket);
    socket.send(message);
    expect(await closed).toBe(4401);
    expect(doors.services.calls).toEqual([]);
  });

  it('S4: closes with 4401 for a valid token in a binary message', async () => {
    const doors = await start();
    const socket = await connectPage(doors.origin);
    const closed = closeCodeOf(socket);
    socket.send(Buffer.from(JSON.stringify({ token: await pageTokenOf(doors.createUiUrl(true)) })));
    expect(await closed).toBe(4401);
  });

  it('S4: closes with 4401 for a valid token in a message that is far too long', async () => {
    const doors = await start();
    const socket = await connectPage(doors.origin);
    const closed = closeCodeOf(socket);
    socket.send(JSON.stringify({ token: await pageTokenOf(doors.createUiUrl(true)) }).padEnd(2_000));
    expect(await closed).toBe(4401);
  });

  it('S4: closes with 4401 when none comes in time', async () => {
    const { origin } = await start({ firstMessageTimeoutMs: 20 });
    expect(await closeCodeOf(await connectPage(origin))).toBe(4401);
  });

  it('S4: what is sent behind a wrong one is not heard', async () => {
    const doors = await start();
    const socket = await connectPage(doors.origin);
    const closed = closeCodeOf(socket);
    socket.send('{"token":"wrong"}');
    socket.send(JSON.stringify({ token: await pageTokenOf(doors.createUiUrl(true)) }));
    socket.send('{"i":"1","p":{"u":"/demo/play"}}');
    expect(await closed).toBe(4401);
    expect(doors.services.calls).toEqual([]);
  });
});

describe('a page that was let in', () => {
  async function pageOf(doors: DoorsUnderTest, canManage = false) {
    return openPage(doors.origin, await pageTokenOf(doors.createUiUrl(canManage)));
  }

  it('is cut off by a message that is larger than a file may be', async () => {
    const { socket } = await pageOf(await start());
    const closed = closeCodeOf(socket);
    socket.send('x'.repeat(46_000_000));
    expect(await closed).toBe(1009);
  });

  it.each([
    'hello',
    '{}',
    '[]',
    '{"i":1}',
    '{"i":"1","p":{"u":"http://evil.test/"}}',
    '{"i":"1","p":{}}',
    '{"i":"1","t":3}',
    '{"i":"1","p":{"u":"/app/info","h":{"content-type":"multipart/form-data"}}}',
  ])('is closed for the unreadable message %s, and nothing of it is printed', async (message) => {
    const doors = await start();
    const { socket } = await pageOf(doors);
    const closed = closeCodeOf(socket);
    socket.send(message);
    expect(await closed).toBe(1003);
    expect(doors.reported).toEqual([]);
  });

  it('is told of an unknown operation without harm to the others', async () => {
    const { socket, client } = await pageOf(await start());
    socket.send('{"i":"77","p":{"u":"/servers/start"}}');
    expect((await client.app.info()).host).toBe('headless');
  });

  it('is refused what it asks beyond 64 open requests, and served again when they have ended', async () => {
    const { client } = await pageOf(await start());
    const waits = new AbortController();
    const wait = () =>
      client.traces.feed({ cursor: null, query: 'wait', limit: 10, waitMs: 25_000 }, { signal: waits.signal });
    const parked = Array.from({ length: 64 }, () => wait().catch(() => undefined));
    await expect(client.app.info()).rejects.toThrow('Too many requests are open');
    waits.abort();
    await Promise.all(parked);
    await eventually('it is served again', () => client.app.info().catch(() => null));
  });

  it('ends the waits of a page that goes away', async () => {
    const doors = await start();
    const page = await pageOf(doors);
    const answer = page.client.traces.feed({ cursor: null, query: 'wait', limit: 10, waitMs: 25_000 });
    answer.catch(() => undefined);
    await eventually('the wait has begun', () => doors.services.calls.includes('store.feed wait'));
    page.close();
    await eventually('the wait has ended', () => doors.services.calls.includes('store.feed aborted'));
  });

  it('is cut off when it asks and does not read, instead of being kept in memory', async () => {
    const doors = await start({ maxBufferedBytes: 100_000 });
    const page = await pageOf(doors);
    const closed = once(page.socket, 'close');
    page.socket.pause();
    for (let index = 0; index < 40; index += 1) {
      page.client.traces.feed({ cursor: null, query: 'huge', limit: 10, waitMs: 0 }).catch(() => undefined);
    }
    await eventually('the page was given up', () => doors.reported.some((line) => line.includes('stopped reading')));
    page.socket.resume();
    await closed;
  });

  it('hands over and gets a file as large as a page may', async () => {
    const doors = await start();
    const page = await openPage(doors.origin, await pageTokenOf(doors.createUiUrl(true)));
    const bytes = Buffer.alloc(MAX_FILE_BYTES, 'x');
    await page.client.traces.import({ fileName: 'large.json', base64: bytes.toString('base64') });
    expect(doors.services.calls).toContain(`traces.import large.json ${MAX_FILE_BYTES}`);
    Object.assign(doors.services.exports, { selected: async () => ({ bytes, traces: 1 }) });
    const request = { selection: { query: '' }, format: 'session', withPayloads: true } as const;
    const [file, info] = await Promise.all([page.client.traces.export(request), page.client.app.info()]);
    expect(file.base64).toHaveLength(Math.ceil(MAX_FILE_BYTES / 3) * 4);
    expect(info.host).toBe('headless');
    const tooLarge = page.client.traces.import({
      fileName: 'x',
      base64: Buffer.alloc(MAX_FILE_BYTES + 3).toString('base64'),
    });
    await expect(tooLarge).rejects.toThrow('use "throughline import"');
  });

  it('S4: is cut off when it sends much before it has shown its token', async () => {
    const doors = await start();
    const socket = await connectPage(doors.origin);
    const closed = once(socket, 'close');
    socket.send('x'.repeat(1_000_000));
    await closed;
    expect(doors.pageCount()).toBe(0);
  });

  it('is closed when the host stops, and no new one is let in', async () => {
    const doors = await start();
    const { socket } = await pageOf(doors);
    const closed = closeCodeOf(socket);
    await doors.close();
    expect(await closed).toBe(1001);
    const late = new WebSocket(`${doors.origin.replace('http', 'ws')}/api/ws`, { headers: { Origin: doors.origin } });
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
