import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { spanNamed } from '../../support/otlp.ts';
import { answerText, openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';

const MEBIBYTE = 1024 * 1024;

interface Refusal {
  readonly status: number;
  readonly body: string;
}

/** Sends a body of that many bytes in pieces and reads the answer, which may come before all has been sent. */
function postBytes(
  gateway: GatewayProcess,
  bytes: number,
  headers: Readonly<Record<string, string>>,
): Promise<Refusal> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL('/servers/local/mcp', gateway.origin), {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json', ...headers },
    });
    let isAnswered = false;
    request.on('response', (response) => {
      isAnswered = true;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    // The gateway may close the connection while we still send, but not before it has answered.
    request.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    const piece = Buffer.alloc(MEBIBYTE, 'x');
    let left = bytes;
    const more = (): void => {
      while (left > 0 && !request.destroyed) {
        left -= piece.length;
        if (!request.write(piece)) {
          request.once('drain', more);
          return;
        }
      }
      request.end();
    };
    more();
  });
}

describe('a request that must not be taken', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  async function expectUnharmed(): Promise<void> {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    expect(answerText(await session.callTool('echo_text', { text: 'unharmed' }))).toBe('unharmed');
  }

  it('just under the limit is taken', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const text = 'y'.repeat(15 * MEBIBYTE);
    expect(answerText(await session.callTool('echo_text', { text }))).toHaveLength(text.length);
  });

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong-token-4718' }],
    ['the token under another scheme', { authorization: 'Basic d3Jvbmc6d3Jvbmc=' }],
  ])('with %s gets 401 and one sentence at every door, and leaves no trace', async (_what, headers) => {
    await using gateway = await startGateway();
    for (const [method, path] of [
      ['POST', '/mcp'],
      ['POST', '/servers/local/mcp'],
      ['GET', '/mcp'],
      ['DELETE', '/mcp'],
      ['GET', '/api/traces'],
      ['DELETE', '/api/traces'],
    ] as const) {
      const response = await fetch(new URL(path, gateway.origin), { method, headers });
      const body = await response.text();
      expect(response.status).toBe(401);
      expect(body).toMatch(/[Tt]oken/);
      expect(body).not.toContain('wrong-token-4718');
      expect(body).not.toContain(gateway.token);
    }
    expect(await gateway.traces()).toEqual([]);
    expect(gateway.stderr()).not.toContain(gateway.token);
  });

  it.each([
    ['broken JSON', '{"jsonrpc":"2.0","id":1,', -32700],
    ['no JSON at all', 'hello', -32700],
    ['nothing', '', -32700],
    ['a number', '42', -32600],
    ['null', 'null', -32600],
    ['the wrong JSON-RPC version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
  ])('that is %s gets 400 and a JSON-RPC error', async (_what, body, code) => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const { status, messages } = await session.post(body, { headers: { traceparent } });
    expect(status).toBe(400);
    expect(messages).toMatchObject([{ jsonrpc: '2.0', error: { code } }]);
    await gateway.finishedSpans(traceId);
    expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('error');
  });

  it.each([
    [
      'deeply nested',
      `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
    ['with a key twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}'],
    ['with __proto__ in it', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"__proto__":{"x":1}}}'],
  ])('that is %s is answered, one way or the other, and harms nobody', async (_what, body) => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { status } = await session.post(body);
    expect([200, 400]).toContain(status);
    await expectUnharmed();
  });

  it('R36: that stops in the middle of its body ends as cancelled', async () => {
    const { traceId, traceparent } = newCallerContext();
    const { port } = new URL(gateway.origin);
    const socket = connect(Number(port), '127.0.0.1');
    const head = [
      'POST /servers/local/mcp HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${gateway.token}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
      `traceparent: ${traceparent}`,
    ];
    await new Promise<void>((resolve) => {
      socket.write(`${head.join('\r\n')}\r\n\r\n{"jsonrpc":"2.0"`, () => {
        resolve();
      });
    });
    socket.destroy();
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root).toMatchObject({ status: 'UNSET' });
    expect(root.attributes['error.type']).toBe('cancelled');
    await eventually('the trace is shown as cancelled', async () =>
      (await gateway.traces()).some((trace) => trace.traceId === traceId && trace.status === 'cancelled'),
    );
    await expectUnharmed();
  });
});

describe('a request of 50 MB', () => {
  const bytes = 50 * MEBIBYTE;

  it.each([
    ['announced', { 'content-length': String(bytes) }],
    ['not announced', { 'transfer-encoding': 'chunked' }],
  ])(
    'whose size is %s gets 413 and one sentence, is in the trace list, and harms no other call',
    async (_what, size) => {
      await using gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
      const path = join(temporaryFolder(), 'go');
      const neighbour = await openRawSession(gateway, '/servers/local/mcp');
      const running = neighbour.callTool('wait_for_file', { path });

      const { traceId, traceparent } = newCallerContext();
      const { status, body } = await postBytes(gateway, bytes, { ...size, traceparent });
      expect(status).toBe(413);
      const { error } = JSON.parse(body) as { error: { message: string } };
      expect(error.message).toBe(
        'The message is larger than 16777216 bytes, the most this gateway takes (gateway.maxBodyBytes).',
      );
      const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
      expect(root.attributes['http.response.status_code']).toBe(413);
      expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('error');

      writeFileSync(path, '');
      expect(answerText(await running)).toBe('it is there');
    },
  );
});
