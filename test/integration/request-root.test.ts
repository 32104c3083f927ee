import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { outline, spanNamed } from '../support/otlp.ts';
import { openRawSession, type Json } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

describe('the root of a trace', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each([
    ['/mcp', '/mcp'],
    ['/mcp/', '/mcp'],
    ['/servers/local/mcp', '/servers/{id}/mcp'],
    ['/servers/local/mcp/', '/servers/{id}/mcp'],
  ])('R5 R31: of a POST to %s is named after the template %s', async (path, template) => {
    const session = await openRawSession(gateway, path);
    const { traceId, traceparent } = newCallerContext();
    await session.request('tools/list', { _meta: { traceparent } });
    const root = spanNamed(await gateway.finishedSpans(traceId), `POST ${template}`);
    expect(root.attributes['http.route']).toBe(template);
  });

  it('R5: of an unknown server holds nothing of the path it was called by', async () => {
    const { traceId, traceparent } = newCallerContext();
    const response = await gateway.rest('/servers/secret-segment-4715/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    const spans = await gateway.finishedSpans(traceId);
    expect(spans[0]?.name).toBe('POST /servers/{id}/mcp');
    expect(JSON.stringify(await gateway.tree(traceId))).not.toContain('secret-segment-4715');
  });

  it.each(['/health', '/ready', '/metrics', '/mcp/unknown', '/mcpfoo', '/api/traces', '/'])(
    'R31: does not exist for %s',
    async (path) => {
      const { traceId, traceparent } = newCallerContext();
      const response = await gateway.rest(path, { headers: { traceparent } });
      await response.text();
      // What the gateway records is in order: once a later call is there, this one would be too.
      const session = await openRawSession(gateway, '/mcp');
      const later = newCallerContext();
      await session.request('tools/list', { _meta: { traceparent: later.traceparent } });
      await gateway.finishedSpans(later.traceId);
      expect((await gateway.traces()).map((trace) => trace.traceId)).not.toContain(traceId);
    },
  );

  it('R23: tells no address of the client, neither its own nor one that a header names', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const body = { jsonrpc: '2.0', id: 6, method: 'tools/list', params: { _meta: { traceparent } } };
    const named = '203.0.113.77';
    await session.post(body, { headers: { 'x-forwarded-for': named, forwarded: `for=${named}`, 'x-real-ip': named } });
    const spans = await gateway.finishedSpans(traceId);
    const names = spans.flatMap(({ attributes }) => Object.keys(attributes));
    expect(names).toContain('user_agent.original');
    expect(names.filter((name) => /^(?:client|network\.peer|source|net\.(?:peer|sock))\./.test(name))).toEqual([]);
    expect(JSON.stringify(await gateway.tree(traceId))).not.toContain(named);
  });

  it('R34: bears the caller\u2019s correlation id and sends it back', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const body = { jsonrpc: '2.0', id: 5, method: 'tools/list', params: { _meta: { traceparent } } };
    const { headers } = await session.post(body, { headers: { 'x-correlation-id': 'ticket-4711' } });
    expect(headers.get('x-correlation-id')).toBe('ticket-4711');
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root.attributes['correlation_id']).toBe('ticket-4711');
  });

  it.each([undefined, 'two words', 'x'.repeat(256)])(
    'R34: bears a generated correlation id when the caller\u2019s is %s, and sends that back',
    async (given) => {
      const session = await openRawSession(gateway, '/servers/local/mcp');
      const { traceId, traceparent } = newCallerContext();
      const body = { jsonrpc: '2.0', id: 5, method: 'tools/list', params: { _meta: { traceparent } } };
      const { headers } = await session.post(
        body,
        given === undefined ? {} : { headers: { 'x-correlation-id': given } },
      );
      const generated = headers.get('x-correlation-id');
      expect(generated).toMatch(/^[A-Za-z0-9-]{16,64}$/);
      const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
      expect(root.attributes['correlation_id']).toBe(generated);
    },
  );

  it('R1 R41: keeps secrets of the query and the user agent out', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp?api_key=root-secret-4716&page=2');
    const { traceId, traceparent } = newCallerContext();
    const body = { jsonrpc: '2.0', id: 5, method: 'tools/list', params: { _meta: { traceparent } } };
    await session.post(body, { headers: { 'user-agent': 'agent/1.0 (https://me:root-secret-4717@example.test)' } });
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root.attributes['user_agent.original']).toContain('agent/1.0');
    expect(root.attributes['url.query']).toContain('page=2');
    expect(JSON.stringify(await gateway.tree(traceId))).not.toMatch(/root-secret-471[67]/);
  });

  it('R35: of a refused request is UNSET with the status as its error', async () => {
    const { traceId, traceparent } = newCallerContext();
    const response = await gateway.rest('/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'mcp-session-id': 'never-opened', traceparent },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBe(404);
    const root = spanNamed(await gateway.finishedSpans(traceId), 'POST /mcp');
    expect(root).toMatchObject({ status: 'UNSET' });
    expect(root.attributes).toMatchObject({ 'http.response.status_code': 404, 'error.type': '404' });
  });

  it('R42 R62: of a batch takes the header as its parent and has one child per entry, each linked to its own context', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const header = newCallerContext();
    const entries = [newCallerContext(), newCallerContext()];
    const batch = entries.map(({ traceparent }, index) => ({
      jsonrpc: '2.0',
      id: 100 + index,
      method: 'tools/call',
      params: { name: 'echo_text', arguments: { text: String(index) }, _meta: { traceparent } },
    }));
    const { messages } = await session.post(batch, { headers: { traceparent: header.traceparent } });
    expect(messages.map((message: Json) => message['id']).sort()).toEqual([100, 101]);
    const spans = await gateway.finishedSpans(header.traceId);
    const root = spanNamed(spans, 'POST /servers/{id}/mcp');
    expect(root.parentSpanId).toBe(header.spanId);
    const operations = spans.filter(({ name }) => name === 'tool.invoke');
    expect(operations.map(({ parentSpanId }) => parentSpanId)).toEqual([root.spanId, root.spanId]);
    const linked = operations.flatMap(({ links }) => links.map(({ traceId }) => traceId));
    expect(linked.sort()).toEqual(entries.map(({ traceId }) => traceId).sort());
    expect(outline(spans).filter((line) => line === '    mcp.client.call')).toHaveLength(2);
  });
});
