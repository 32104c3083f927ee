import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpDoor } from '../../../src/runtime/http/http-door.ts';
import { createHttpHost } from '../../../src/runtime/http/http-host.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import { bearer, startDoors, TOKEN, type DoorsOptions, type DoorsUnderTest } from '../../support/headless-doors.ts';
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

/** A door that counts what got past the guard. */
function countingDoor(): HttpDoor & { seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    handle(request, response, url) {
      seen.push(`${request.method ?? ''} ${url.pathname}`);
      response.end('reached');
      return true;
    },
  };
}

const AUTHORIZED = [`Authorization: Bearer ${TOKEN}`, 'Connection: close'];

describe('the guard in front of every door', () => {
  it.each([
    ['a foreign name', 'Host: evil.test'],
    ['a foreign name with our port', 'Host: evil.test:PORT'],
    ['our address as the start of a foreign name', 'Host: 127.0.0.1.evil.test:PORT'],
    ['a trailing dot', 'Host: localhost.:PORT'],
    ['another port', 'Host: 127.0.0.1:1'],
    ['no port', 'Host: 127.0.0.1'],
    ['an IPv6 form that is not ours', 'Host: [::ffff:127.0.0.1]:PORT'],
    ['an address that is not loopback', 'Host: 192.168.0.7:PORT'],
    ['an empty value', 'Host:'],
    ['no Host at all', 'X-None: 1'],
  ])('S2, R100: turns away a Host with %s before any door sees it', async (_, host) => {
    const door = countingDoor();
    const { port } = await start({ gatewayDoors: [door] });
    const reply = await sendRaw(port, ['GET /mcp HTTP/1.1', host.replace('PORT', String(port)), ...AUTHORIZED]);
    expect(reply.status).toBe(403);
    expect(reply.headers.get('access-control-allow-origin')).toBeUndefined();
    expect(door.seen).toEqual([]);
  });

  it('S2: turns away HTTP/1.0 without Host and a second Host header', async () => {
    const door = countingDoor();
    const { port } = await start({ gatewayDoors: [door] });
    expect((await sendRaw(port, ['GET / HTTP/1.0', ...AUTHORIZED])).status).toBe(403);
    const twice = [`Host: 127.0.0.1:${port}`, 'Host: evil.test'];
    expect((await sendRaw(port, ['GET / HTTP/1.1', ...twice, ...AUTHORIZED])).status).toBeGreaterThanOrEqual(400);
    expect(door.seen).toEqual([]);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('S2: lets in whoever calls us %s', async (name) => {
    const door = countingDoor();
    const { port } = await start({ gatewayDoors: [door] });
    const reply = await sendRaw(port, ['GET /mcp HTTP/1.1', `Host: ${name}:${port}`, ...AUTHORIZED]);
    expect(reply.status).toBe(200);
  });

  it.each([
    'null',
    'http://evil.test',
    'http://evil.test:PORT',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:PORT.evil.test',
  ])('S3, R100: turns away Origin %s even with the token', async (origin) => {
    const door = countingDoor();
    const { port } = await start({ gatewayDoors: [door] });
    const headers = [`Host: 127.0.0.1:${port}`, `Origin: ${origin.replace('PORT', String(port))}`];
    const reply = await sendRaw(port, ['POST /mcp HTTP/1.1', ...headers, 'Content-Length: 0', ...AUTHORIZED]);
    expect(reply.status).toBe(403);
    expect(door.seen).toEqual([]);
  });

  it('S2: a rebound name with matching Host and Origin gets nothing, not even the page', async () => {
    const { port } = await start();
    const headers = [`Host: rebound.evil.test:${port}`, `Origin: http://rebound.evil.test:${port}`];
    const reply = await sendRaw(port, ['GET / HTTP/1.1', ...headers, 'Connection: close']);
    expect(reply.status).toBe(403);
    expect(reply.body).not.toContain('<title>');
  });

  it('S2: does not read the host from an absolute request target', async () => {
    const door = countingDoor();
    const { port } = await start({ gatewayDoors: [door] });
    const line = `GET http://evil.test/mcp HTTP/1.1`;
    const reply = await sendRaw(port, [line, `Host: 127.0.0.1:${port}`, ...AUTHORIZED]);
    expect(reply.status).toBe(400);
    expect(door.seen).toEqual([]);
  });

  it('takes a path that begins with two slashes as a path', async () => {
    const door = countingDoor();
    const { port } = await start({ gatewayDoors: [door] });
    await sendRaw(port, ['GET //evil.test/mcp HTTP/1.1', `Host: 127.0.0.1:${port}`, ...AUTHORIZED]);
    expect(door.seen).toEqual(['GET //evil.test/mcp']);
  });
});

describe('the token', () => {
  const routes = [
    ['GET', '/health'],
    ['GET', '/ready'],
    ['POST', '/mcp'],
    ['GET', '/mcp'],
    ['DELETE', '/mcp'],
    ['POST', '/servers/everything/mcp'],
    ['GET', '/api/traces'],
    ['DELETE', '/api/traces'],
    ['GET', '/api/traces/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['GET', '/api/traces/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/tree'],
    ['GET', '/api/export'],
    ['POST', '/api/open-code'],
    ['GET', '/api/page-token'],
    ['GET', '/api/ws'],
    ['POST', '/v1/traces'],
    ['GET', '/somewhere'],
    ['POST', '/'],
    ['PUT', '/assets/app-1a2b.js'],
  ] as const;

  it.each(routes)(
    'S4: %s %s answers 401 without it and with a wrong one, and neither reaches a door',
    async (method, path) => {
      const door = countingDoor();
      const { origin } = await start({ gatewayDoors: [door] });
      for (const headers of [{}, bearer('wrong-token-of-this-test'), { Authorization: `Basic ${TOKEN}` }]) {
        const response = await fetch(origin + path, { method, headers });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
        expect(JSON.stringify(await response.json())).toContain('token');
      }
      expect(door.seen).toEqual([]);
    },
  );

  it.each(routes)('S4: %s %s is let through with it', async (method, path) => {
    const door = countingDoor();
    const { origin } = await start({ gatewayDoors: [door] });
    const response = await fetch(origin + path, { method, headers: bearer() });
    expect(await response.text()).toBe('reached');
    expect(door.seen).toEqual([`${method} ${path}`]);
  });

  it('S27: is not taken from the address', async () => {
    const { origin } = await start();
    for (const query of [`?token=${TOKEN}`, `?access_token=${TOKEN}`]) {
      expect((await fetch(`${origin}/api/traces${query}`)).status).toBe(401);
    }
  });

  it('S3: preflights get 403 and no CORS header', async () => {
    const { port } = await start();
    const headers = [`Host: 127.0.0.1:${port}`, 'Access-Control-Request-Method: POST', 'Connection: close'];
    const reply = await sendRaw(port, ['OPTIONS /mcp HTTP/1.1', ...headers]);
    expect(reply.status).toBe(403);
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('error replies', () => {
  it('are JSON-RPC errors with id null on the MCP endpoints', async () => {
    const { origin } = await start();
    for (const path of ['/mcp', '/servers/everything/mcp', '/mcp/sse', '/v1/mcp', '/v1/rpc']) {
      const response = await fetch(origin + path, { method: 'POST' });
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: expect.any(String) } });
    }
  });

  it('are one sentence in JSON elsewhere', async () => {
    const { origin } = await start();
    const response = await fetch(`${origin}/nothing/here`, { headers: bearer() });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: { message: 'There is nothing at this address.' } });
  });

  it('tell nothing of a failure inside a door but that the log knows', async () => {
    const failing: HttpDoor = {
      handle() {
        throw new Error('disk on fire at /home/someone');
      },
    };
    const { origin, reported } = await start({ gatewayDoors: [failing] });
    const response = await fetch(`${origin}/x`, { headers: bearer() });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('someone');
    expect(reported).toEqual(['Answering GET /x: disk on fire at /home/someone']);
  });

  it('S4: a large body without a token is answered, not kept', async () => {
    const { origin } = await start();
    const body = new Uint8Array(50 * 1024 * 1024);
    const response = await fetch(`${origin}/mcp`, { method: 'POST', body });
    expect(response.status).toBe(401);
  });

  it('answer bytes that are not HTTP with 400 and headers that are too long with 431', async () => {
    const { port } = await start();
    expect((await sendRaw(port, ['this is not HTTP'])).status).toBe(400);
    const long = `X-Long: ${'x'.repeat(64 * 1024)}`;
    expect((await sendRaw(port, ['GET / HTTP/1.1', `Host: 127.0.0.1:${port}`, long])).status).toBe(431);
  });
});

describe('health', () => {
  it('answers /health and /ready', async () => {
    let ready = false;
    const { origin } = await start({ isReady: () => ready });
    const get = (path: string): Promise<Response> => fetch(origin + path, { headers: bearer() });
    expect(await (await get('/health')).json()).toEqual({ status: 'ok' });
    expect((await get('/ready')).status).toBe(503);
    ready = true;
    expect(await (await get('/ready')).json()).toEqual({ status: 'ready' });
    const posted = await fetch(`${origin}/health`, { method: 'POST', headers: bearer() });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('the listener', () => {
  const options = { token: TOKEN, isPublic: () => false, doors: [], upgrade: null, report: () => undefined };
  const others: Server[] = [];

  afterEach(() => {
    for (const server of others.splice(0)) server.close();
  });

  it('S1, R100: listens on 127.0.0.1 only', async () => {
    const { port } = await start();
    // Every 127/8 address reaches a listener on 0.0.0.0, and none but this one reaches ours.
    const socket = connect(port, '127.0.0.2');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('says which port is in use and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    others.push(other);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const attempt = createHttpHost({ ...options, port });
    await expect(attempt).rejects.toBeInstanceOf(UserError);
    await expect(attempt).rejects.toThrow(`Port ${port} is in use. `);
  });

  it('close ends replies that never end, idle connections and half-sent requests, and can be called twice', async () => {
    const streaming: HttpDoor = {
      handle(_request, response) {
        response.write('first');
        return true;
      },
    };
    const doors = await start({ gatewayDoors: [streaming] });
    const response = await fetch(`${doors.origin}/stream`, { headers: bearer() });
    const reader = response.body!.getReader();
    await reader.read();
    const idle = connect(doors.port, '127.0.0.1');
    const halfSent = connect(doors.port, '127.0.0.1');
    await Promise.all([once(idle, 'connect'), once(halfSent, 'connect')]);
    halfSent.write('POST /mcp HTTP/1.1\r\nHost:');
    const ended = [idle, halfSent].map((socket) => {
      // A reset is as good an end as a close.
      socket.on('error', () => undefined);
      return new Promise((resolve) => socket.once('close', resolve));
    });
    await Promise.all([doors.close(), doors.close()]);
    await expect(reader.read()).rejects.toThrow();
    await Promise.all(ended);
    await expect(fetch(`${doors.origin}/stream`)).rejects.toThrow();
  });

  it('drain cuts off what never ends and turns away whoever comes, but for senders of spans', async () => {
    const streaming: HttpDoor = {
      handle(_request, response, { pathname }) {
        if (pathname !== '/stream') return false;
        response.write('first');
        return true;
      },
    };
    const doors = await start({ gatewayDoors: [streaming] });
    const reader = (await fetch(`${doors.origin}/stream`, { headers: bearer() })).body!.getReader();
    await reader.read();
    await doors.drain();
    await expect(reader.read()).rejects.toThrow();
    const late = await fetch(`${doors.origin}/stream`, { headers: bearer() });
    expect([late.status, await late.json()]).toEqual([503, { error: { message: 'The gateway is being stopped.' } }]);
    const spans = await fetch(`${doors.origin}/v1/traces`, {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
    });
    expect(spans.status).toBe(200);
    await doors.drain();
  });

  it('answers over HTTP/1.1 a client that offers to upgrade to h2c', async () => {
    const { port } = await start();
    const upgrade = [
      'Connection: Upgrade, HTTP2-Settings, close',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ];
    const authorization = `Authorization: Bearer ${TOKEN}`;
    const reply = await sendRaw(port, ['GET /health HTTP/1.1', `Host: 127.0.0.1:${port}`, authorization, ...upgrade]);
    expect(reply.status).toBe(200);
  });
});
