import { writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { outline, spanNamed } from '../../support/otlp.ts';
import { textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import {
  doorServer,
  initializeRequest,
  openLegacyStream,
  openRawStream,
  toolCall,
  type DoorServer,
  type RawStream,
} from './door-support.ts';

/** The official client of the older transport, with what servers may ask of it. */
async function sseClient(gateway: GatewayProcess, path: string): Promise<Client & AsyncDisposable> {
  const headers = { authorization: `Bearer ${gateway.token}` };
  const transport = new SSEClientTransport(new URL(path, gateway.origin), {
    requestInit: { headers },
    eventSourceInit: { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }) },
  });
  const client = new Client({ name: 'sse-client', version: '1' }, { capabilities: { sampling: {}, elicitation: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant',
    model: 'no-model',
    content: { type: 'text', text: 'sampled' },
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

describe('the older HTTP+SSE transport', () => {
  let server: DoorServer;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    server = doorServer();
    gateway = await startGateway({ config: { mcpServers: { local: server.entry, other: doorServer().entry } } });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const post = (endpoint: string, body: unknown): Promise<Response> =>
    gateway.rest(endpoint, { method: 'POST', body: JSON.stringify(body) });

  async function openSession(path: string): Promise<{ stream: RawStream; endpoint: string }> {
    const { stream, endpoint } = await openLegacyStream(gateway, path);
    await post(endpoint, initializeRequest('2024-11-05'));
    await stream.hears('the answer to initialize', ({ id }) => id === 0);
    await post(endpoint, { jsonrpc: '2.0', method: 'notifications/initialized' });
    return { stream, endpoint };
  }

  it.each([
    ['/sse', '/message'],
    ['/sse/', '/message'],
    ['/mcp/sse', '/mcp/message'],
    ['/servers/local/sse', '/servers/local/message'],
    ['/v1/servers/local/sse/', '/v1/servers/local/message'],
  ])('at %s says first that messages go to %s', async (path, endpointPath) => {
    const { stream, endpoint } = await openLegacyStream(gateway, path);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(stream.events[0]).toMatchObject({ event: 'endpoint' });
    expect(endpoint).toMatch(new RegExp(`^${endpointPath}\\?sessionId=[0-9a-f-]{36}$`));
    stream.break();
  });

  it('serves the official client at one server under its own names, and at all under prefixed ones', async () => {
    await using one = await sseClient(gateway, '/servers/local/sse');
    expect(textOf(await one.callTool({ name: 'echo', arguments: { text: 'one' } }))).toBe('one');
    await using all = await sseClient(gateway, '/sse');
    const names = (await all.listTools()).tools.map(({ name }) => name);
    const echo = names.find((name) => name.startsWith('other') && name.endsWith('echo')) ?? '';
    expect(textOf(await all.callTool({ name: echo, arguments: { text: 'all' } }))).toBe('all');
  });

  it('carries progress to the official client before the answer', async () => {
    await using client = await sseClient(gateway, '/servers/local/sse');
    const path = server.newPath();
    const heard: number[] = [];
    const params = { name: 'tell_then_wait', arguments: { label: 'progress', path } };
    const result = await client.callTool(params, undefined, {
      onprogress: ({ progress }) => {
        heard.push(progress);
        writeFileSync(path, '');
      },
    });
    expect(textOf(result)).toBe('progress');
    expect(heard).toEqual([1]);
  });

  it('carries the questions of a server to the official client, and the answers back', async () => {
    await using client = await sseClient(gateway, '/servers/local/sse');
    const sampled = await client.callTool({ name: 'ask_model', arguments: { label: 'what?' } });
    expect(textOf(sampled)).toBe('{"type":"text","text":"sampled"}');
    const elicited = await client.callTool({ name: 'ask_user', arguments: { label: 'who?' } });
    expect(textOf(elicited)).toBe('{"action":"accept","content":{"name":"Ada"}}');
  });

  it('R38 R56: has such a question, and the message that answers it, in the trace of the call', async () => {
    await using client = await sseClient(gateway, '/v1/sse');
    const { traceparent, traceId } = newCallerContext();
    await client.callTool({ name: 'local__ask_model', arguments: { label: 'what?' }, _meta: { traceparent } });
    const spans = await gateway.finishedSpans(traceId);
    const question = spanNamed(spans, 'sampling.create_message');
    const wait = spanNamed(spans, 'mcp.input.wait');
    expect(question.parentSpanId).toBe(wait.spanId);
    expect(wait.parentSpanId).toBe(spanNamed(spans, 'tool.invoke').spanId);
    const messages = spans.filter(({ name }) => name === 'POST /v1/message');
    expect(messages.map(({ parentSpanId }) => parentSpanId)).toContain(question.spanId);
    expect(messages).toHaveLength(2);
  });

  it('carries the official client\u2019s cancellation to the server, and the session goes on', async () => {
    await using client = await sseClient(gateway, '/servers/local/sse');
    const stop = new AbortController();
    const params = { name: 'tell_then_wait', arguments: { label: 'sse-cancel', path: server.newPath() } };
    const call = client.callTool(params, undefined, {
      signal: stop.signal,
      onprogress: () => {
        stop.abort();
      },
    });
    await expect(call).rejects.toThrow();
    await eventually('the server was told', () => server.cancelled().includes('sse-cancel'));
    expect(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } }))).toBe('on');
  });

  it('R38: one call is one trace, which lasts from the POST until its answer is on the stream', async () => {
    const { stream, endpoint } = await openSession('/servers/local/sse');
    const { traceId, spanId, traceparent } = newCallerContext();
    const path = server.newPath();
    const response = await post(endpoint, toolCall(7, 'tell_then_wait', { label: 'r38', path }, { traceparent }));
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    // The POST was answered long ago, and its root is still open.
    const open = await gateway.waitForTrace('the call runs', (trace) => trace.traceId === traceId);
    expect(open).toMatchObject({ status: 'pending' });
    writeFileSync(path, '');
    await stream.hears('the answer', ({ id }) => id === 7);
    const spans = await gateway.finishedSpans(traceId);
    expect(outline(spans)).toEqual([
      'POST /servers/{id}/message',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
    const root = spanNamed(spans, 'POST /servers/{id}/message');
    expect(root.parentSpanId).toBe(spanId);
    expect(root.end).toBeGreaterThanOrEqual(spanNamed(spans, 'tool.invoke').end);
    expect(root.attributes['http.response.status_code']).toBe(202);
    const ofTheCall = (await gateway.traces()).filter((trace) => trace.traceId === traceId);
    expect(ofTheCall).toHaveLength(1);
    expect(ofTheCall[0]).toMatchObject({ status: 'ok' });
    stream.break();
  });

  it('a failed call marks its root, though its POST was answered 202', async () => {
    const { stream, endpoint } = await openSession('/servers/local/sse');
    const { traceId, traceparent } = newCallerContext();
    await post(endpoint, toolCall(8, 'unknown_tool', { label: 'x' }, { traceparent }));
    await stream.hears('the answer', ({ id }) => id === 8);
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/message');
    expect(root.status).toBe('ERROR');
    stream.break();
  });

  it('R16: keeps the session\u2019s id out of the traces', async () => {
    const { stream, endpoint } = await openSession('/servers/local/sse');
    const { traceId, traceparent } = newCallerContext();
    await post(`${endpoint}&page=2`, toolCall(9, 'echo', { text: 'x' }, { traceparent }));
    await stream.hears('the answer', ({ id }) => id === 9);
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/message');
    expect(root.attributes['url.query']).toBe('page=2');
    const sessionId = new URL(endpoint, gateway.origin).searchParams.get('sessionId') ?? '';
    expect(JSON.stringify(await gateway.tree(traceId))).not.toContain(sessionId);
    stream.break();
  });

  it('the session ends with its stream, and its calls are cancelled at the server', async () => {
    const { stream, endpoint } = await openSession('/servers/local/sse');
    const { traceId, traceparent } = newCallerContext();
    const args = { label: 'sse-left', path: server.newPath() };
    await post(endpoint, toolCall(10, 'tell_then_wait', args, { traceparent }));
    await stream.hears('the call runs', ({ method }) => method === 'notifications/message');
    stream.break();
    await eventually('the server was told', () => server.cancelled().includes('sse-left'));
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/message');
    expect(root).toMatchObject({ status: 'UNSET' });
    expect(root.attributes['error.type']).toBe('cancelled');
    const late = await post(endpoint, toolCall(11, 'echo', { text: 'x' }));
    expect(late.status).toBe(404);
    expect(await late.json()).toMatchObject({
      id: 11,
      error: { message: expect.stringMatching(/^This session is not known/) },
    });
  });

  it('takes a batch, and answers it with one event', async () => {
    const { stream, endpoint } = await openSession('/servers/local/sse');
    await post(endpoint, [toolCall('a', 'echo', { text: '1' }), toolCall('b', 'echo', { text: '2' })]);
    const event = await eventually('the answers', () => stream.events.find(({ data }) => data.startsWith('[')) ?? null);
    expect((JSON.parse(event.data) as { id: string }[]).map(({ id }) => id).sort()).toEqual(['a', 'b']);
    stream.break();
  });

  it('refuses messages without a session, of another endpoint, before initialize, and a second initialize', async () => {
    const { stream, endpoint } = await openLegacyStream(gateway, '/servers/local/sse');
    const refused = async (path: string, body: unknown): Promise<[number, string]> => {
      const response = await post(path, body);
      const { error } = (await response.json()) as { error: { message: string } };
      return [response.status, error.message];
    };
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect(await refused('/message', list)).toEqual([400, expect.stringMatching(/^The sessionId is missing/)]);
    expect(await refused('/message?sessionId=nobody', list)).toEqual([404, expect.stringMatching(/not known/)]);
    const elsewhere = endpoint.replace('/servers/local/', '/servers/other/');
    expect(await refused(elsewhere, list)).toEqual([404, expect.stringMatching(/not known/)]);
    expect(await refused(endpoint, list)).toEqual([400, expect.stringMatching(/send initialize first/)]);
    expect((await post(endpoint, initializeRequest('2024-11-05'))).status).toBe(202);
    expect(await refused(endpoint, initializeRequest('2024-11-05'))).toEqual([
      400,
      expect.stringMatching(/begun already/),
    ]);
    expect(await refused(endpoint, 'not a message')).toEqual([400, expect.any(String)]);
    stream.break();
  });

  it.each([
    ['POST', '/sse', 405],
    ['DELETE', '/servers/local/sse', 405],
    ['GET', '/message', 405],
    ['GET', '/servers/nobody/sse', 404],
  ])('%s %s is refused with a sentence', async (method, path, status) => {
    const response = await gateway.rest(path, { method, headers: { accept: 'text/event-stream' } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/\.$/) } });
  });

  it('a stream needs the token, like every door', async () => {
    const stream = await openRawStream({ ...gateway, token: 'wrong' }, '/sse');
    expect(stream.status).toBe(401);
  });
});
