import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { receive, type Handle, type ReceiveContext } from '../../../src/gateway/edges/receive.ts';
import { createClock } from '../../../src/gateway/clock.ts';
import { emptyChain, type Interceptor } from '../../../src/gateway/interceptor.ts';
import { InputWaits } from '../../../src/gateway/session/input-waits.ts';
import { createVirtualServers } from '../../../src/gateway/routing/virtual-servers.ts';
import { doorServer, initializeRequest, openRawStream, toolCall } from '../../integration/doors/door-support.ts';
import { eventually } from '../../support/eventually.ts';
import { answerError, answerText, type Json } from '../../support/raw-session.ts';
import { listen, recordingObserver, startDoorHost, type DoorHost } from './door-host.ts';

const ENDPOINT = '/servers/local/mcp';

async function openSession(host: DoorHost): Promise<Readonly<Record<string, string>>> {
  const response = await host.post(ENDPOINT, initializeRequest());
  await response.text();
  return { 'mcp-session-id': response.headers.get('mcp-session-id') ?? '' };
}

/** Never lets a call with the label "stuck" go on, whatever becomes of its caller. */
const stuck: Interceptor = {
  ...emptyChain,
  before: (call) =>
    JSON.stringify(call.request.params).includes('stuck') ? new Promise(() => undefined) : emptyChain.before(call),
};

describe('a handler that fails', () => {
  /** Answers each POST by this handler alone. */
  async function startReceiver(handle: Handle) {
    const observer = recordingObserver();
    const defects: unknown[] = [];
    const context: ReceiveContext = {
      clock: createClock(),
      observer,
      servers: { get: () => undefined },
      inputWaits: new InputWaits(),
      baggage: null,
      virtualServers: createVirtualServers(),
      maxBodyBytes: 1_000,
      onDefect: (error) => defects.push(error),
    };
    const route = { door: 'rpc', scope: { kind: 'all' }, template: '/rpc' } as const;
    const listener = await listen((request, response) => {
      receive({ request, response, url: new URL('http://localhost/rpc'), route }, context, {
        handle,
        sessionOf: () => null,
      });
    });
    const send = (): Promise<Response> =>
      fetch(listener.origin, { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
    return { observer, defects, send, [Symbol.asyncDispose]: () => listener.close() };
  }

  it('before it has answered gets its caller a 500 with one sentence, and its root ends once', async () => {
    await using receiver = await startReceiver(() => Promise.reject(new Error('secret detail')));
    const response = await receiver.send();
    expect(response.status).toBe(500);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toBe('The gateway failed while it handled this request.');
    expect(receiver.defects).toHaveLength(1);
    expect(receiver.observer.exchanges.map(({ outcomes }) => outcomes)).toMatchObject([
      [{ kind: 'answered', statusCode: 500 }],
    ]);
  });

  it('R40: after its headers were sent has its connection cut, and its root ends as failed', async () => {
    await using receiver = await startReceiver((exchange) => {
      exchange.visit.response.writeHead(200, { 'content-type': 'text/event-stream' });
      exchange.visit.response.write('data: half');
      return Promise.reject(new Error('too late'));
    });
    const body = receiver.send().then((response) => response.text());
    await expect(body).rejects.toThrow();
    expect(receiver.defects).toHaveLength(1);
    expect(receiver.observer.exchanges.map(({ outcomes }) => outcomes)).toMatchObject([
      [{ kind: 'answered', statusCode: 200, answer: { kind: 'failed' } }],
    ]);
  });

  it('after its root has ended changes nothing about it', async () => {
    await using receiver = await startReceiver((exchange) => {
      exchange.accept();
      return Promise.reject(new Error('afterwards'));
    });
    expect((await receiver.send()).status).toBe(202);
    await eventually('the failure was told', () => receiver.defects.length === 1);
    expect(receiver.observer.exchanges.map(({ outcomes }) => outcomes)).toEqual([
      [{ kind: 'answered', statusCode: 202 }],
    ]);
  });
});

describe('a call whose handling never ends', () => {
  it('ends in the trace when its client leaves, and the gateway goes on', async () => {
    await using host = await startDoorHost({ servers: { local: doorServer().entry }, interceptor: stuck });
    const headers = await openSession(host);
    const leaving = new AbortController();
    const call = fetch(new URL(ENDPOINT, host.origin), {
      method: 'POST',
      headers,
      body: JSON.stringify(toolCall(1, 'echo', { text: 'stuck' })),
      signal: leaving.signal,
    });
    call.catch(() => undefined);
    const seen = await eventually('the call is there', () => host.observer.exchangeOf('tools/call'));
    leaving.abort();
    await eventually('its root has ended', () => seen.outcomes.length > 0);
    expect(seen.outcomes).toEqual([{ kind: 'disconnected' }]);
    expect(seen.operations).toMatchObject([{ outcome: { kind: 'cancelled' } }]);
    const next = await host.post(ENDPOINT, toolCall(1, 'echo', { text: 'next' }), headers);
    expect(answerText((await next.json()) as Json)).toBe('next');
  });

  it('is answered as cancelled when its client cancels it', async () => {
    await using host = await startDoorHost({ servers: { local: doorServer().entry }, interceptor: stuck });
    const headers = await openSession(host);
    const call = host.post(ENDPOINT, toolCall(1, 'echo', { text: 'stuck' }), headers);
    await eventually('the call is there', () => host.observer.exchangeOf('tools/call'));
    await host.post(ENDPOINT, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }, headers);
    expect(answerError((await (await call).json()) as Json).message).toBe('The call was cancelled.');
  });
});

describe('an interceptor that throws', () => {
  it('once the answer\u2019s stream has begun gets the client an error on it, and the root ends', async () => {
    const interceptor: Interceptor = {
      ...emptyChain,
      after: () => {
        throw new Error('plugin secret');
      },
    };
    const server = doorServer();
    await using host = await startDoorHost({ servers: { local: server.entry }, interceptor });
    const headers = await openSession(host);
    const body = toolCall(1, 'tell_then_wait', { label: 'x', path: process.execPath });
    const stream = await openRawStream(host, ENDPOINT, { method: 'POST', headers, body });
    const answer = await stream.hears('the answer', ({ id }) => id === 1);
    expect(answerError(answer).message).not.toContain('plugin secret');
    await eventually('the stream has ended', () => stream.hasEnded);
    expect(host.observer.exchangeOf('tools/call')?.outcomes).toMatchObject([
      { kind: 'answered', statusCode: 200, answer: { kind: 'failed' } },
    ]);
  });
});

describe('a request with header values outside ASCII', () => {
  it.each(['user-agent', 'x-correlation-id', 'traceparent', 'tracestate', 'baggage', 'accept', 'mcp-session-id'])(
    'in %s is answered, at every door',
    async (name) => {
      await using host = await startDoorHost();
      const send = (path: string, method: string): Promise<number> =>
        new Promise((resolve, reject) => {
          const headers = { [name]: Buffer.from('caf\u00e9 \u2603').toString('latin1') };
          const request = httpRequest(new URL(path, host.origin), { method, headers }, (response) => {
            resolve(response.statusCode ?? 0);
            response.destroy();
          });
          request.on('error', reject);
          request.end(method === 'POST' ? '{"jsonrpc":"2.0","id":1,"method":"ping"}' : undefined);
        });
      expect(await send('/rpc', 'POST')).toBe(200);
      expect([400, 404]).toContain(await send('/mcp', 'POST'));
      expect(await send('/message?sessionId=x', 'POST')).toBe(404);
      expect([400, 404, 406]).toContain(await send('/mcp', 'GET'));
      expect([200, 406]).toContain(await send('/sse', 'GET'));
      expect(host.observer.exchanges.map(({ outcomes }) => outcomes.length)).toEqual([1, 1, 1]);
      expect(host.defects).toEqual([]);
    },
  );
});
