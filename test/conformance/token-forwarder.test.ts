import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInProcessGateway, type InProcessGateway } from '../support/in-process-gateway.ts';
import { sendRaw } from '../support/raw-http.ts';
import { silentObserver } from '../support/silent-observer.ts';
import { startTokenForwarder, type TokenForwarder } from '../support/token-forwarder.ts';

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});

function post(path: string, ...headers: readonly string[]): readonly string[] {
  const length = `Content-Length: ${INITIALIZE.length}`;
  return [`POST ${path} HTTP/1.1`, ...headers, 'Content-Type: application/json', length, 'Connection: close'];
}

describe('the forwarder that adds the token for the conformance suite', () => {
  let forwarder: TokenForwarder;
  let targetPort: number;
  const received: IncomingMessage[] = [];
  const target = createServer({ requireHostHeader: false }, (request, response) => {
    received.push(request);
    // The first piece of the answer leaves before the request's body has ended: both directions must stream.
    response.writeHead(207, 'Odd', ['X-One', 'a', 'X-One', 'b']);
    request.on('data', (chunk: Buffer) => response.write(`<${chunk.toString()}>`));
    request.on('end', () => response.end('end'));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    targetPort = (target.address() as AddressInfo).port;
    forwarder = await startTokenForwarder({ origin: `http://127.0.0.1:${targetPort}`, token: 'secret' });
  });

  afterAll(async () => {
    await forwarder.close();
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
  });

  const rawHeadersOf = async (...headers: readonly string[]): Promise<readonly string[]> => {
    await sendRaw(forwarder.port, post('/any?q=%20#', ...headers), INITIALIZE);
    return received.at(-1)?.rawHeaders ?? [];
  };

  it('adds Authorization and leaves every other header as it was, in order', async () => {
    const sent = ['X-Two', 'x', 'host', 'evil.example.com', 'Origin', 'http://evil.example.com', 'x-two', 'y'];
    const lines = [0, 2, 4, 6].map((index) => `${sent[index] ?? ''}: ${sent[index + 1] ?? ''}`);
    const rest = ['Content-Type', 'application/json', 'Content-Length', String(INITIALIZE.length)];
    expect(await rawHeadersOf(...lines)).toEqual([
      ...sent,
      ...rest,
      'Connection',
      'close',
      'Authorization',
      'Bearer secret',
    ]);
  });

  it('passes on method, path, status, headers and body', async () => {
    const reply = await sendRaw(forwarder.port, post('/any?q=%20', 'Host: x'), INITIALIZE);
    expect(received.at(-1)).toMatchObject({ method: 'POST', url: '/any?q=%20' });
    expect(reply.status).toBe(207);
    expect(reply.body).toContain(`<${INITIALIZE}>`);
  });

  it('streams the answer while the request is still being sent', async () => {
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    void writer.write(new TextEncoder().encode('one'));
    const reply = await fetch(forwarder.url('/'), {
      method: 'POST',
      body: body.readable,
      duplex: 'half',
    } as RequestInit);
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('<one>');
    await writer.close();
    expect((await reader?.read())?.value).toBe('end');
  });

  it('exchanges its own port for the gateway\u2019s and no other', async () => {
    const own = await rawHeadersOf(`Host: localhost:${forwarder.port}`, `Origin: http://localhost:${forwarder.port}`);
    expect(own.slice(0, 4)).toEqual(['Host', `localhost:${targetPort}`, 'Origin', `http://localhost:${targetPort}`]);
    const other = await rawHeadersOf('Host: localhost:1', 'Origin: null');
    expect(other.slice(0, 4)).toEqual(['Host', 'localhost:1', 'Origin', 'null']);
  });

  describe('in front of the gateway', () => {
    let gateway: InProcessGateway;
    let guarded: TokenForwarder;

    beforeAll(async () => {
      gateway = await startInProcessGateway({ servers: {}, observer: silentObserver() });
      guarded = await startTokenForwarder(gateway);
    });

    afterAll(async () => {
      await guarded.close();
      await gateway.stop();
      expect(gateway.defects).toEqual([]);
    });

    const statusFor = async (host: string, ...more: readonly string[]): Promise<number> => {
      const name = host.replace('PORT', String(guarded.port));
      const headers = [`Host: ${name}`, 'Accept: application/json, text/event-stream'];
      const origins = more.map((line) => line.replace('PORT', String(guarded.port)));
      return (await sendRaw(guarded.port, post('/mcp', ...headers, ...origins), INITIALIZE)).status;
    };

    it('lets in who names this machine', async () => {
      expect(await statusFor('localhost:PORT', 'Origin: http://localhost:PORT')).toBe(200);
      expect(await statusFor('127.0.0.1:PORT')).toBe(200);
    });

    it.each([
      ['a foreign host', 'evil.example.com', 'Origin: http://evil.example.com'],
      ['a foreign host with the right port', 'evil.example.com:PORT', 'Origin: http://evil.example.com:PORT'],
      ['a foreign origin', 'localhost:PORT', 'Origin: http://evil.example.com'],
      ['a page without an origin', 'localhost:PORT', 'Origin: null'],
      ['another port', 'localhost:1', 'X-Nothing: here'],
    ])('hides nothing from the guard: %s is refused', async (_what, host, line) => {
      expect(await statusFor(host, line)).toBe(403);
    });
  });
});
