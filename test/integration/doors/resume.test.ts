import { writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { GatewayProcess } from '../../support/gateway-process.ts';
import { spanNamed } from '../../support/otlp.ts';
import { answerText, type Json } from '../../support/raw-session.ts';
import { textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import {
  initializeRequest,
  openRawStream,
  startDoorGateway,
  toolCall,
  type DoorServer,
  type RawStream,
} from './door-support.ts';

const ENDPOINT = '/servers/local/mcp';

describe('a client that loses its connection', () => {
  let server: DoorServer;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    ({ server, gateway } = await startDoorGateway());
  });

  afterAll(async () => {
    await gateway.stop();
  });

  async function openSession(version: string, capabilities: Json = {}): Promise<Readonly<Record<string, string>>> {
    const response = await gateway.rest(ENDPOINT, {
      method: 'POST',
      headers: { accept: 'application/json, text/event-stream' },
      body: JSON.stringify(initializeRequest(version, capabilities)),
    });
    await response.text();
    return { 'mcp-session-id': response.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': version };
  }

  /** Calls a tool that says something and then waits for its file; resolves once that was heard. */
  async function startCall(
    headers: Readonly<Record<string, string>>,
    args: Json,
    meta: Json = {},
  ): Promise<{ readonly stream: RawStream; readonly path: string }> {
    const path = server.newPath();
    const body = toolCall(1, 'tell_then_wait', { path, ...args }, meta);
    const stream = await openRawStream(gateway, ENDPOINT, { method: 'POST', headers, body });
    await stream.hears('the call runs', ({ method }) => method === 'notifications/message');
    return { stream, path };
  }

  const resume = (headers: Readonly<Record<string, string>>, lastEventId: string): Promise<RawStream> =>
    openRawStream(gateway, ENDPOINT, { headers: { ...headers, 'last-event-id': lastEventId } });

  it('has an id on every event, and of 2025-11-25 an event without data and a retry time first', async () => {
    const { stream, path } = await startCall(await openSession('2025-11-25'), { label: 'ids' });
    writeFileSync(path, '');
    await stream.hears('the answer', ({ id }) => id === 1);
    expect(stream.retry).toBe(1_000);
    expect(stream.events[0]).toMatchObject({ id: '1-0', data: '' });
    expect(stream.events.slice(1).map(({ id }) => id)).toEqual(['1-1', '1-2']);
    await eventually('the stream has ended', () => stream.hasEnded);
  });

  it.each(['2025-03-26', '2025-06-18'])('of %s gets ids, and no event without data', async (version) => {
    const { stream, path } = await startCall(await openSession(version), { label: 'older' });
    writeFileSync(path, '');
    await stream.hears('the answer', ({ id }) => id === 1);
    expect(stream.retry).toBeNull();
    expect(stream.events.map(({ id }) => id)).toEqual(['1-1', '1-2']);
  });

  it.each(['2025-03-26', '2025-11-25'])('of %s comes back and gets the rest of its call', async (version) => {
    const headers = await openSession(version);
    const { traceId, traceparent } = newCallerContext();
    const { stream, path } = await startCall(headers, { label: 'rest' }, { traceparent });
    const lastEventId = stream.lastEventId();
    stream.break();
    const resumed = await resume(headers, lastEventId);
    expect(resumed.messages()).toEqual([]);
    writeFileSync(path, '');
    expect(answerText(await resumed.hears('the answer', ({ id }) => id === 1))).toBe('rest');
    await eventually('the stream has ended', () => resumed.hasEnded);
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root.attributes['http.response.status_code']).toBe(200);
    expect((await gateway.traces()).find((trace) => trace.traceId === traceId)?.status).toBe('ok');
    expect(server.cancelled()).not.toContain('rest');
  });

  it('gets the answer that came while it was away, and only what it had not seen', async () => {
    const headers = await openSession('2025-11-25');
    const { traceId, traceparent } = newCallerContext();
    const { stream, path } = await startCall(headers, { label: 'kept' }, { traceparent });
    stream.break();
    writeFileSync(path, '');
    const isAnswered = async (): Promise<boolean> =>
      (await gateway.traces()).some((trace) => trace.traceId === traceId && trace.openSpanCount === 1);
    await eventually('the call is over, and its root waits for the client', isAnswered);
    const resumed = await resume(headers, '1-0');
    await resumed.hears('the answer', ({ id }) => id === 1);
    expect(resumed.events.map(({ id }) => id)).toEqual(['1-1', '1-2']);
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root.attributes['http.response.status_code']).toBe(200);

    const again = await resume(headers, '1-1');
    await again.hears('the answer once more', ({ id }) => id === 1);
    expect(again.events.map(({ id }) => id)).toEqual(['1-2']);
    const nothingLeft = await resume(headers, '1-2');
    expect(nothingLeft.status).toBe(204);
  });

  it.each(['9-1', 'nonsense', '1', '', 'caf\u00e9-1'])(
    'with Last-Event-ID "%s" learns that nothing is kept',
    async (id) => {
      const headers = await openSession('2025-11-25');
      const stream = await resume(headers, Buffer.from(id).toString('latin1'));
      expect(stream.status).toBe(400);
      const foreign = await resume(await openSession('2025-11-25'), '1-0');
      expect(foreign.status).toBe(400);
    },
  );

  it('finds another\u2019s streams under no id', async () => {
    const { stream, path } = await startCall(await openSession('2025-11-25'), { label: 'mine' });
    stream.break();
    expect((await resume(await openSession('2025-11-25'), '1-0')).status).toBe(400);
    writeFileSync(path, '');
  });

  it('hears again what a server asked it, answers, and gets the rest of the call', async () => {
    const headers = await openSession('2025-11-25', { elicitation: {} });
    const body = toolCall(1, 'ask_user', { label: 'who?' });
    const first = await openRawStream(gateway, ENDPOINT, { method: 'POST', headers, body });
    await first.hears('the question', ({ method }) => method === 'elicitation/create');
    first.break();
    const resumed = await resume(headers, '1-0');
    const { id } = await resumed.hears('the question again', ({ method }) => method === 'elicitation/create');
    const answer = { jsonrpc: '2.0', id, result: { action: 'decline' } };
    const taken = await gateway.rest(ENDPOINT, { method: 'POST', headers, body: JSON.stringify(answer) });
    expect(taken.status).toBe(202);
    expect(answerText(await resumed.hears('the answer', (message) => message['id'] === 1))).toContain('decline');
  });

  it('that comes back twice has its older connection ended', async () => {
    const headers = await openSession('2025-11-25');
    const { stream, path } = await startCall(headers, { label: 'twice' });
    const second = await resume(headers, stream.lastEventId());
    await eventually('the first connection is ended', () => stream.hasEnded);
    const third = await resume(headers, stream.lastEventId());
    await eventually('the second connection is ended', () => second.hasEnded);
    writeFileSync(path, '');
    expect(answerText(await third.hears('the answer', ({ id }) => id === 1))).toBe('twice');
  });

  it('listens again and gets each piece of news that it missed once', async () => {
    const headers = await openSession('2025-11-25');
    const announce = async (): Promise<void> => {
      const body = JSON.stringify(toolCall(1, 'announce', {}));
      await (await gateway.rest(ENDPOINT, { method: 'POST', headers, body })).text();
    };
    await announce();
    const news = await openRawStream(gateway, ENDPOINT, { headers });
    await eventually('what came before anybody listened', () => news.messages().length === 1);
    expect(news.events.map(({ id }) => id)).toEqual(['0-0', '0-1']);
    news.break();
    await announce();
    const again = await resume(headers, '0-1');
    await eventually('what was missed', () => again.messages().length === 1);
    await announce();
    await eventually('what comes now', () => again.messages().length === 2);
    expect(again.events.map(({ id }) => id)).toEqual(['0-2', '0-3']);
    again.break();
  });

  it('of the official SDK comes back by itself and gets its answer', async () => {
    const connections: AbortController[] = [];
    const transport = new StreamableHTTPClientTransport(new URL(ENDPOINT, gateway.origin), {
      requestInit: { headers: { authorization: `Bearer ${gateway.token}` } },
      fetch: (url, init) => {
        const connection = new AbortController();
        connections.push(connection);
        return fetch(url, { ...init, signal: connection.signal });
      },
    });
    const client = new Client({ name: 'resuming', version: '1' });
    await client.connect(transport);
    const path = server.newPath();
    const call = client.callTool({ name: 'tell_then_wait', arguments: { label: 'resumed', path } }, undefined, {
      onprogress: () => {
        for (const connection of connections) connection.abort();
        writeFileSync(path, '');
      },
    });
    expect(textOf(await call)).toBe('resumed');
    await client.close();
    for (const connection of connections) connection.abort();
  });
});
