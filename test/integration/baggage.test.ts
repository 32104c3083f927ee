import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { startSseWorkbench } from '../fixtures/servers/sse-workbench.ts';
import { startModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { eventually } from '../support/eventually.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { spanNamed } from '../support/otlp.ts';
import { openRawSession, type Json, type RawSession } from '../support/raw-session.ts';
import { sdkV2Client } from '../support/sdk-v2-client.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { treeSpans } from '../support/trace-tree.ts';
import { tapHttp, tapStdio, type TappedMessage, type WireTap } from '../support/wire-tap.ts';

const SERVERS = ['stdio', 'http', 'sse'] as const;
const ALLOWED = { allow: ['tenant.id', 'api_key', 'note'], headers: { 'X-Team': 'team' } };
const HEADERS = { baggage: 'tenant.id=header,secret=1', 'x-team': 'blue team', 'x-other': 'other' };

interface Stage extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  readonly taps: Readonly<Record<(typeof SERVERS)[number], WireTap>>;
}

/** The workbench behind each transport with a tap before it. */
async function startStage(gateway: Json, traits: Json = {}): Promise<Stage> {
  const parts = new AsyncDisposableStack();
  const http = await startHttpWorkbench();
  parts.defer(() => http.close());
  const httpTap = parts.use(await tapHttp(http.url));
  const sse = parts.use(await startSseWorkbench());
  const sseTap = parts.use(await tapHttp(sse.url));
  const stdioTap = tapStdio(workbenchStdio());
  const mcpServers = {
    stdio: { ...stdioTap.entry, ...traits },
    http: { type: 'http', url: httpTap.url, headers: { Baggage: 'pinned=1' }, ...traits },
    sse: { type: 'sse', url: sseTap.url, ...traits },
  };
  const running = await startGateway({ config: { gateway, mcpServers } });
  parts.use(running);
  return {
    gateway: running,
    taps: { stdio: stdioTap, http: httpTap, sse: sseTap },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function sent(tap: WireTap, method: string): Promise<TappedMessage> {
  return eventually(
    `the server was sent ${method}`,
    () => tap.messages().findLast((seen) => seen.method === method) ?? null,
  );
}

describe('baggage that a config file allows', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage({ baggage: ALLOWED });
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const session = (server: string): Promise<RawSession> => openRawSession(stage.gateway, `/servers/${server}/mcp`);

  it.each(SERVERS)('R63 R64: goes on with a call over %s: what was allowed, and no more', async (server) => {
    const me = await session(server);
    const meta = { baggage: 'tenant.id=a%2Cb,other=2,note=x;property=1', keep: 'me' };
    await me.callTool('echo_text', { text: 'x' }, meta, { headers: HEADERS });
    const call = await sent(stage.taps[server], 'tools/call');
    expect(call.meta).toMatchObject({ keep: 'me', baggage: 'team=blue%20team,tenant.id=a%2Cb,note=x' });
    if (call.headers !== null) expect(call.headers['baggage']).toBe(call.meta['baggage']);
    expect(JSON.stringify(call)).not.toMatch(/pinned|secret|x-other|property/);
  });

  it.each(SERVERS)('R64: of the header goes on over %s where the message has none', async (server) => {
    const me = await session(server);
    await me.callTool('echo_text', { text: 'x' }, undefined, { headers: { baggage: HEADERS.baggage } });
    const call = await sent(stage.taps[server], 'tools/call');
    expect(call.meta['baggage']).toBe('tenant.id=header');
  });

  it.each(SERVERS)('R49 R64: goes on with a notification over %s', async (server) => {
    const me = await session(server);
    await me.callTool('echo_text', { text: 'x' });
    const params = { _meta: { baggage: 'tenant.id=told' } };
    await me.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params });
    const told = await sent(stage.taps[server], 'notifications/roots/list_changed');
    expect(told.meta['baggage']).toBe('tenant.id=told');
    if (told.headers !== null) expect(told.headers['baggage']).toBe('tenant.id=told');
  });

  it('R63: is not sent with a call whose caller has none, whatever came before on the same session', async () => {
    const me = await session('http');
    await me.callTool('echo_text', { text: '1' }, { baggage: 'tenant.id=first' });
    await me.callTool('echo_text', { text: '2' });
    const call = await sent(stage.taps.http, 'tools/call');
    expect(JSON.stringify(call)).not.toContain('baggage');
  });

  it('R64: of each entry of a batch is its own', async () => {
    const me = await session('stdio');
    const entry = (id: number): Json => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'echo_text', arguments: { text: 'x' }, _meta: { baggage: `tenant.id=${id}` } },
    });
    await me.post([entry(101), entry(102)]);
    const carried = stage.taps.stdio.messages().map(({ meta }) => meta['baggage']);
    expect(carried).toEqual(expect.arrayContaining(['tenant.id=101', 'tenant.id=102']));
  });

  it('R64: is on the operation, redacted as everything is', async () => {
    const me = await session('stdio');
    const { traceparent, traceId } = newCallerContext();
    const meta = { traceparent, baggage: 'tenant.id=acme,api_key=correct-horse-battery' };
    await me.callTool('echo_text', { text: 'x' }, meta);
    const { attributes } = spanNamed(await stage.gateway.finishedSpans(traceId), 'tool.invoke');
    expect(attributes).toMatchObject({ 'baggage.tenant.id': 'acme' });
    expect(attributes).toHaveProperty(['baggage.api_key']);
    const spans = treeSpans(await stage.gateway.tree(traceId)).map((span) => span.attributes);
    expect(JSON.stringify(spans)).not.toContain('correct-horse-battery');
    expect(await sent(stage.taps.stdio, 'tools/call')).toMatchObject({
      meta: { baggage: 'tenant.id=acme,api_key=correct-horse-battery' },
    });
  });
});

it('R63 R64: goes on in the stateless era as well, from the official client to the official server', async () => {
  const server = await startModernHttpFixture({ modernOnly: true });
  await using tap = await tapHttp(server.url);
  const config = { gateway: { baggage: ALLOWED }, mcpServers: { one: { type: 'http', url: tap.url } } };
  await using gateway = await startGateway({ config });
  await using me = await sdkV2Client(gateway, '/servers/one/mcp');
  const _meta = { baggage: 'tenant.id=acme,other=1' };
  await me.client.callTool({ name: 'test_simple_text', arguments: {}, _meta });
  const call = await sent(tap, 'tools/call');
  expect(call.meta['baggage']).toBe('tenant.id=acme');
  expect(call.headers?.['baggage']).toBe('tenant.id=acme');
  await server.close();
});

describe('R63: baggage is sent nowhere', () => {
  it.each([
    ['unless a config file allows it', {}, {}],
    ['when a config file allows no key', { baggage: {} }, {}],
  ])('%s', async (_when, settings, traits) => {
    await using stage = await startStage(settings, traits);
    for (const server of SERVERS) {
      const me = await openRawSession(stage.gateway, `/servers/${server}/mcp`);
      await me.callTool('echo_text', { text: 'x' }, { baggage: 'tenant.id=meta' }, { headers: HEADERS });
      await me.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' }, { headers: HEADERS });
      await sent(stage.taps[server], 'notifications/roots/list_changed');
      expect(JSON.stringify(stage.taps[server].messages())).not.toMatch(/baggage|tenant\.id|blue team/);
    }
  });
});

describe('a server that is to get no trace context', () => {
  it('R68: gets neither that nor baggage, in no message over no transport, and is traced all the same', async () => {
    await using stage = await startStage({ baggage: ALLOWED }, { traceContext: false });
    for (const server of SERVERS) {
      const me = await openRawSession(stage.gateway, `/servers/${server}/mcp`);
      const { traceparent, traceId } = newCallerContext();
      const meta = { traceparent, TraceState: 'a=1', baggage: 'tenant.id=acme', keep: 'me' };
      await me.callTool('echo_text', { text: 'x' }, meta, { headers: { ...HEADERS, traceparent } });
      const params = { _meta: meta };
      await me.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params }, { headers: HEADERS });
      await sent(stage.taps[server], 'notifications/roots/list_changed');
      const wire = JSON.stringify(stage.taps[server].messages());
      expect(wire).not.toMatch(/traceparent|tracestate|baggage|tenant\.id|blue team/i);
      expect(wire).not.toContain(traceId);
      expect(wire).toContain('"keep":"me"');
      const spans = await stage.gateway.finishedSpans(traceId);
      expect(spanNamed(spans, 'tool.invoke').attributes).toMatchObject({ 'baggage.tenant.id': 'acme' });
      expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['mcp.client.call', 'mcp.client.request']));
    }
  });
});
