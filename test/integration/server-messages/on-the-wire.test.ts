import { fileURLToPath } from 'node:url';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { startModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { connectCapableClient } from '../../support/capable-client.ts';
import { eventually } from '../../support/eventually.ts';
import { startEverything } from '../../support/everything-http.ts';
import { everythingStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { sdkV2Client } from '../../support/sdk-v2-client.ts';
import { tapHttp, tapStdio, type TappedMessage, type WireTap } from '../../support/wire-tap.ts';

const TOLD_IN_HANDSHAKE = 'notifications/initialized';
/** Of the reference server. */
const TEXT = 'demo://resource/static/document/features.md';

/** Everything that a client of the era of handshakes asks and tells, with the official client. */
async function askForEverything(gateway: GatewayProcess, path: string): Promise<readonly string[]> {
  await using me = await connectCapableClient(gateway, path, { roots: ['/one'] });
  const { client } = me;
  await client.setLoggingLevel('info');
  await client.listTools();
  await client.listPrompts();
  await client.listResources();
  await client.listResourceTemplates();
  await client.readResource({ uri: TEXT });
  await client.getPrompt({ name: 'simple-prompt' });
  await client.complete({
    ref: { type: 'ref/prompt', name: 'completable-prompt' },
    argument: { name: 'department', value: '' },
  });
  await client.subscribeResource({ uri: TEXT });
  await client.unsubscribeResource({ uri: TEXT });
  await client.callTool({ name: 'echo', arguments: { message: 'hi' } });
  await client.sendRootsListChanged();
  return [
    'initialize',
    TOLD_IN_HANDSHAKE,
    'logging/setLevel',
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'resources/read',
    'prompts/get',
    'completion/complete',
    'resources/subscribe',
    'resources/unsubscribe',
    'tools/call',
    'notifications/roots/list_changed',
  ];
}

/** The same in the stateless era, as far as it has it. */
async function askForEverythingModern(gateway: GatewayProcess, path: string): Promise<readonly string[]> {
  await using me = await sdkV2Client(gateway, path);
  const { client } = me;
  const { tools } = await client.listTools();
  await client.listPrompts();
  const { resources } = await client.listResources();
  await client.listResourceTemplates();
  await client.readResource({ uri: resources[0]?.uri ?? '' });
  await client.getPrompt({ name: 'test_simple_prompt' });
  expect(tools.map(({ name }) => name)).toContain('test_simple_text');
  await client.callTool({ name: 'test_simple_text', arguments: {} });
  return [
    'server/discover',
    'subscriptions/listen',
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'resources/read',
    'prompts/get',
    'tools/call',
  ];
}

async function eachMessageIsOfItsOwnSpan(gateway: GatewayProcess, tap: WireTap, methods: readonly string[]) {
  const named = (method: string): readonly TappedMessage[] => tap.messages().filter((seen) => seen.method === method);
  for (const method of methods) await eventually(`the server was sent ${method}`, () => named(method).length > 0);
  const seen = tap.messages().filter(({ method }) => method !== undefined);
  const contexts = seen.filter(({ method }) => method !== TOLD_IN_HANDSHAKE).map(({ meta }) => meta['traceparent']);
  expect(new Set(contexts).size).toBe(contexts.length);
  for (const { method, meta, headers } of seen) {
    const traceparent = String(meta['traceparent']);
    expect(traceparent, method).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    if (headers !== null) expect(headers['traceparent'], method).toBe(traceparent);
    const [, traceId = '', spanId] = traceparent.split('-');
    const spans = await gateway.finishedSpans(traceId);
    const span = spans.find((candidate) => candidate.spanId === spanId);
    expect(span, method).toMatchObject({ kind: 'CLIENT', status: 'UNSET' });
    if (method !== TOLD_IN_HANDSHAKE) expect(span?.attributes['mcp.method.name']).toBe(method);
    if (method?.startsWith('notifications/') === true && method !== TOLD_IN_HANDSHAKE)
      expect(span?.name).toBe('mcp.client.notify');
  }
}

describe('every message to a server carries the context of its own client span', () => {
  it('R49 R58: over stdio', async () => {
    const tap = tapStdio(everythingStdio());
    await using gateway = await startGateway({ config: { mcpServers: { one: tap.entry } } });
    await eachMessageIsOfItsOwnSpan(gateway, tap, await askForEverything(gateway, '/servers/one/mcp'));
  });

  it.each([
    ['streamableHttp', '/mcp', 'http'],
    ['sse', '/sse', 'sse'],
  ] as const)('R49 R58 R60: over %s, the same in the header', async (transport, path, type) => {
    await using server = await startEverything(transport);
    await using tap = await tapHttp(server.origin + path);
    await using gateway = await startGateway({ config: { mcpServers: { one: { type, url: tap.url } } } });
    await eachMessageIsOfItsOwnSpan(gateway, tap, await askForEverything(gateway, '/v1/servers/one/mcp'));
  });

  it('R49 R58: over stdio in the stateless era', async () => {
    const script = fileURLToPath(new URL('../../fixtures/servers/modern/stdio.ts', import.meta.url));
    const tap = tapStdio({ command: process.execPath, args: [script, '/dev/null', '--modern-only'] });
    await using gateway = await startGateway({ config: { mcpServers: { one: tap.entry } } });
    await eachMessageIsOfItsOwnSpan(gateway, tap, await askForEverythingModern(gateway, '/servers/one/mcp'));
  });

  it('R49 R58 R60: over HTTP in the stateless era, the same in the header', async () => {
    const server = await startModernHttpFixture({ modernOnly: true });
    await using tap = await tapHttp(server.url);
    await using gateway = await startGateway({ config: { mcpServers: { one: { type: 'http', url: tap.url } } } });
    await eachMessageIsOfItsOwnSpan(gateway, tap, await askForEverythingModern(gateway, '/v1/servers/one/mcp'));
    await server.close();
  });
});

describe('what a server tells', () => {
  it('R49 R57: about a call is in the events of its client span, and reaches the client as it was', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { one: everythingStdio() } } });
    await using me = await connectCapableClient(gateway, '/servers/one/mcp');
    const steps: number[] = [];
    const call = { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } };
    await me.client.callTool(call, undefined, { onprogress: ({ progress }) => steps.push(progress) });
    expect(steps).toEqual([1, 2, 3]);
    const line = await gateway.waitForTrace('the call', (trace) => trace['target'] === call.name);
    const spans = await gateway.finishedSpans(line.traceId);
    const span = spans.find(({ name }) => name === 'mcp.client.call');
    const told = span?.events.filter(({ name }) => name === 'mcp.notification') ?? [];
    const told3 = told.filter(({ attributes }) => attributes['mcp.method.name'] === 'notifications/progress');
    expect(told3.map(({ attributes }) => attributes['throughline.progress'])).toEqual([1, 2, 3]);
    expect(told3[0]?.attributes).toMatchObject({ 'throughline.progress.total': 3 });
    expect(spans.filter(({ name }) => name.startsWith('notification.'))).toEqual([]);
  });

  it('R49: outside of calls is a short trace of its own, and reaches the client as it was', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { one: everythingStdio() } } });
    await using me = await connectCapableClient(gateway, '/servers/one/mcp');
    const updated: string[] = [];
    me.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      updated.push(params.uri);
    });
    await me.client.subscribeResource({ uri: TEXT });
    await me.client.callTool({ name: 'toggle-subscriber-updates', arguments: {} });
    await eventually('the update came', () => updated.includes(TEXT));
    const line = await gateway.waitForTrace('the news', ({ name }) => name === 'notification.resources.updated');
    const [span, ...others] = await gateway.finishedSpans(line.traceId);
    expect(others).toEqual([]);
    expect(span).toMatchObject({ kind: 'SERVER', parentSpanId: null });
    expect(span?.attributes).toMatchObject({ 'mcp.resource.uri': TEXT, 'throughline.upkeep': 'news' });
  });
});
