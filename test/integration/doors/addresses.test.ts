import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayProcess } from '../../support/gateway-process.ts';
import { spanNamed } from '../../support/otlp.ts';
import { openRawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { initializeRequest, openLegacyStream, startDoorGateway } from './door-support.ts';

const list = (traceparent: string) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/list',
  params: { _meta: { traceparent } },
});

/** Every address at which messages are taken, and the template that its traces are named after. */
const STREAMABLE = ['/mcp', '/mcp/', '/servers/local/mcp', '/servers/local/mcp/', '/v1/mcp', '/v1/servers/local/mcp/'];
const RPC = ['/rpc', '/rpc/', '/v1/rpc', '/v1/rpc/'];
const LEGACY = ['/sse', '/mcp/sse', '/servers/local/sse', '/v1/sse', '/v1/mcp/sse', '/v1/servers/local/sse'];

const templateOf = (path: string): string => path.replace('/local/', '/{id}/').replace(/\/$/, '');

describe('the addresses of the gateway', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    ({ gateway } = await startDoorGateway());
  });

  afterAll(async () => {
    await gateway.stop();
  });

  async function expectRoot(traceId: string, template: string): Promise<void> {
    const root = spanNamed(await gateway.finishedSpans(traceId), `POST ${template}`);
    expect(root.attributes['http.route']).toBe(template);
  }

  it.each(STREAMABLE)('R31: %s speaks Streamable HTTP and is traced under its template', async (path) => {
    const session = await openRawSession(gateway, path);
    const { traceId, traceparent } = newCallerContext();
    const { messages } = await session.post(list(traceparent));
    expect(messages).toMatchObject([{ id: 1, result: { tools: expect.any(Array) } }]);
    await expectRoot(traceId, templateOf(path));
  });

  it.each(RPC)('R31: %s speaks JSON-RPC and is traced under its template', async (path) => {
    const { traceId, traceparent } = newCallerContext();
    const response = await gateway.rest(path, { method: 'POST', body: JSON.stringify(list(traceparent)) });
    expect(await response.json()).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
    await expectRoot(traceId, templateOf(path));
  });

  it.each(LEGACY.flatMap((path) => [[path, ''] as const, [path, '/'] as const]))(
    'R31: %s speaks HTTP+SSE, and messages sent with "%s" at the end are traced under their template',
    async (path, slash) => {
      const { stream, endpoint } = await openLegacyStream(gateway, `${path}${slash}`);
      const address = endpoint.replace('?', `${slash}?`);
      const send = (body: unknown) => gateway.rest(address, { method: 'POST', body: JSON.stringify(body) });
      await send(initializeRequest('2024-11-05'));
      await stream.hears('the answer to initialize', ({ id }) => id === 0);
      const { traceId, traceparent } = newCallerContext();
      await send(list(traceparent));
      await stream.hears('the answer', ({ id }) => id === 1);
      await expectRoot(traceId, templateOf(path).replace(/sse$/, 'message'));
      stream.break();
    },
  );

  it.each([
    '/mcp/unknown',
    '/mcpfoo',
    '/servers/x',
    '/servers/local',
    '/servers/local/other',
    '/servers/local/mcp/more',
    '/servers/%E0%A4%A/mcp',
    '/v2/mcp',
    '/v1',
    '/v1/v1/mcp',
    '/v1/unknown',
    '/rpcs',
    '/sse/message',
  ])('R31: %s is no door: 404, and no trace', async (path) => {
    const { traceId, traceparent } = newCallerContext();
    const response = await gateway.rest(path, {
      method: 'POST',
      headers: { traceparent },
      body: JSON.stringify(list(traceparent)),
    });
    expect(response.status).toBe(404);
    await response.text();
    // What the gateway records is in order: once a later call is there, this one would be too.
    const later = newCallerContext();
    await gateway.rest('/rpc', { method: 'POST', body: JSON.stringify(list(later.traceparent)) });
    await gateway.finishedSpans(later.traceId);
    expect((await gateway.traces()).map((trace) => trace.traceId)).not.toContain(traceId);
  });
});
