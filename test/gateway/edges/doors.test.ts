import { describe, expect, it } from 'vitest';
import { Patience } from '../../../src/gateway/edges/patience.ts';
import { Reply } from '../../../src/gateway/edges/reply.ts';
import { ClientSession } from '../../../src/gateway/session/client-session.ts';
import { EventStore } from '../../../src/gateway/session/event-store.ts';
import { SessionStreams } from '../../../src/gateway/session/session-streams.ts';
import { gatewayInitialize } from '../../../src/gateway/upstream/handshake.ts';
import {
  initializeRequest,
  openLegacyStream,
  openRawStream,
  doorServer,
} from '../../integration/doors/door-support.ts';
import { eventually } from '../../support/eventually.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { listen, startDoorHost } from './door-host.ts';

describe('the clients of a gateway', () => {
  it('are counted at every door that has sessions, and not at /rpc', async () => {
    await using host = await startDoorHost();
    expect(host.gateway.clientCount()).toBe(0);
    await host.post('/rpc', { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    await host.post('/rpc', initializeRequest());
    expect(host.gateway.clientCount()).toBe(0);
    const opened = await host.post('/mcp', initializeRequest());
    const { stream, endpoint } = await openLegacyStream(host, '/sse');
    await host.post(endpoint, initializeRequest('2024-11-05'));
    await stream.hears('the answer to initialize', ({ id }) => id === 0);
    expect(host.gateway.clientCount()).toBe(2);
    stream.break();
    await eventually('one has left', () => host.gateway.clientCount() === 1);
    const headers = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
    await fetch(new URL('/mcp', host.origin), { method: 'DELETE', headers });
    expect(host.gateway.clientCount()).toBe(0);
  });

  it('are refused with 503 and a sentence when they are too many, at every door', async () => {
    await using host = await startDoorHost({ maxSessions: 1 });
    const first = await openLegacyStream(host, '/sse');
    const second = await openRawStream(host, '/sse');
    expect(second.status).toBe(503);
    await host.post(first.endpoint, initializeRequest('2024-11-05'));
    await first.stream.hears('the answer to initialize', ({ id }) => id === 0);
    const third = await host.post('/mcp', initializeRequest());
    expect(third.status).toBe(503);
    expect(await third.json()).toMatchObject({
      id: 0,
      error: { message: expect.stringMatching(/^Too many clients.*\.$/) },
    });
    first.stream.break();
    await eventually('its place is free', async () => (await host.post('/mcp', initializeRequest())).status === 200);
  });

  it('on a stream may try initialize again when a server was not there', async () => {
    const broken = { command: process.execPath, args: ['-e', 'process.exit(3)'] };
    await using host = await startDoorHost({ servers: { broken } });
    const { stream, endpoint } = await openLegacyStream(host, '/servers/broken/sse');
    await host.post(endpoint, initializeRequest('2024-11-05'));
    await stream.hears('the failure', ({ error }) => error !== undefined);
    expect(host.gateway.clientCount()).toBe(0);
    expect((await host.post(endpoint, initializeRequest('2024-11-05'))).status).toBe(202);
    stream.break();
  });

  it('on streams are let go when the gateway stops', async () => {
    const host = await startDoorHost({ servers: { local: doorServer().entry } });
    const { stream } = await openLegacyStream(host, '/servers/local/sse');
    await host.gateway.stop();
    await eventually('the stream has ended', () => stream.hasEnded);
    await host[Symbol.asyncDispose]();
  });
});

describe('an answer that takes long', () => {
  /** Replies as to one client of this revision, late from the start. */
  async function startReplying(protocolVersion: string) {
    const events = new EventStore({ maxEvents: 10, maxBytes: 1_000, maxTotalBytes: 1_000 });
    const session = new ClientSession({
      kind: 'header',
      scope: { kind: 'all' },
      initialize: gatewayInitialize('1.0.0'),
      now: 0,
      openStreams: () => new SessionStreams(events.openSession(), 60_000),
      watch: silentObserver(),
    });
    session.protocolVersion = protocolVersion;
    const patience = new Patience(20);
    const replies: Reply[] = [];
    const listener = await listen((_request, response) => {
      replies.push(new Reply({ response, session, patience, headers: ['x-correlation-id', 'c'] }));
    });
    const stream = await openRawStream({ origin: listener.origin, token: '' }, '/', { method: 'POST', body: {} });
    expect(stream.headers['content-type']).toBe('text/event-stream');
    const [reply] = replies;
    if (reply === undefined) throw new Error('Nothing was asked.');
    return {
      stream,
      reply,
      async [Symbol.asyncDispose]() {
        patience.stop();
        await listener.close();
      },
    };
  }

  it.each([
    ['2025-11-25', [{ id: '1-0', data: '' }]],
    ['2025-06-18', []],
  ])('begins as an event stream, of %s with the event that lets its client come back', async (version, begin) => {
    await using replying = await startReplying(version);
    const { stream, reply } = replying;
    const taken: boolean[] = [];
    reply.finish('{"id":1}', (wasTaken) => taken.push(wasTaken));
    await eventually('the stream has ended', () => stream.hasEnded);
    expect(stream.events.map(({ id, data }) => ({ id, data }))).toEqual([...begin, { id: '1-1', data: '{"id":1}' }]);
    expect(taken).toEqual([true]);
  });

  it('is not waited for by a client that left before it had an event id to come back with', async () => {
    await using replying = await startReplying('2025-06-18');
    const { stream, reply } = replying;
    let wasEnded = false;
    reply.endWithCaller({
      abort() {
        wasEnded = true;
      },
    });
    stream.break();
    await eventually('its call is ended', () => wasEnded);
    const taken: boolean[] = [];
    reply.finish('{"id":1}', (wasTaken) => taken.push(wasTaken));
    expect(taken).toEqual([false]);
  });
});
