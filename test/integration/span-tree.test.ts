import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSseWorkbench, type SseWorkbench } from '../fixtures/servers/sse-workbench.ts';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { outline, spanNamed } from '../support/otlp.ts';
import { openRawSession } from '../support/raw-session.ts';
import { exposedName, sdkClient } from '../support/sdk-client.ts';
import { newCallerContext } from '../support/trace-context.ts';

describe('the spans of a call', () => {
  let http: HttpWorkbench;
  let sse: SseWorkbench;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    http = await startHttpWorkbench();
    sse = await startSseWorkbench();
    const remote = { type: 'http', url: http.url };
    const older = { type: 'sse', url: sse.url };
    gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio(), remote, older } } });
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
    await sse[Symbol.asyncDispose]();
  });

  it('R43 R46: have exactly these parents, kinds and attributes over stdio', async () => {
    await using session = await sdkClient(gateway, '/servers/local/mcp', 'an-agent');
    const { traceId, spanId, traceparent } = newCallerContext();
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'x' }, _meta: { traceparent } });
    const spans = await gateway.finishedSpans(traceId);
    expect(outline(spans)).toEqual([
      'POST /servers/{id}/mcp',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);

    const root = spanNamed(spans, 'POST /servers/{id}/mcp');
    expect(root).toMatchObject({ kind: 'SERVER', status: 'UNSET', parentSpanId: spanId, service: 'throughline' });
    expect(root.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/servers/{id}/mcp',
      'url.path': '/servers/local/mcp',
      'http.response.status_code': 200,
    });

    const operation = spanNamed(spans, 'tool.invoke');
    expect(operation).toMatchObject({ kind: 'INTERNAL', status: 'UNSET' });
    expect(operation.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'echo_text',
      'gen_ai.operation.name': 'execute_tool',
      'tool.name': 'echo_text',
      'mcp.protocol.version': '2025-11-25',
      'throughline.server.id': 'local',
      'throughline.client.name': 'an-agent',
    });
    expect(operation.attributes['jsonrpc.request.id']).toBeTypeOf('string');

    const call = spanNamed(spans, 'mcp.client.call');
    expect(call).toMatchObject({ kind: 'CLIENT', status: 'UNSET' });
    expect(call.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'mcp.tool.name': 'echo_text',
      'throughline.server.id': 'local',
      'network.transport': 'pipe',
      'session.reused': true,
    });
    expect(call.attributes).not.toHaveProperty('server.address');
  });

  it.each([
    ['remote', 'streamablehttp'],
    ['older', 'sse'],
  ])('R43 R46: have the same parents over HTTP (%s), and name the address of the server', async (id, transport) => {
    const { url } = id === 'remote' ? http : sse;
    const session = await openRawSession(gateway, '/mcp');
    for (const handshake of [['      mcp.client.initialize'], []]) {
      const { traceId, traceparent } = newCallerContext();
      await session.callTool(`${id}__echo_text`, { text: 'x' }, { traceparent });
      const spans = await gateway.finishedSpans(traceId);
      expect(outline(spans).filter((line) => !line.endsWith('mcp.client.discover'))).toEqual([
        'POST /mcp',
        '  tool.invoke',
        '    mcp.client.call',
        ...handshake,
        '      mcp.client.request',
        '      mcp.client.response',
      ]);
      expect(spanNamed(spans, 'mcp.client.call').attributes).toMatchObject({
        'network.transport': 'tcp',
        'throughline.transport': transport,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(url).port),
        'url.full': url,
      });
    }
  });

  it('R44: two calls on one reused session are two trees, and only the first has the handshake', async () => {
    await using lister = await sdkClient(gateway, '/mcp');
    const name = await exposedName(lister.client, 'local', 'echo_text');
    // This session has not turned to the server yet: a list would have opened the server's.
    const session = await openRawSession(gateway, '/mcp');
    const first = newCallerContext();
    const second = newCallerContext();
    await session.callTool(name, { text: '1' }, { traceparent: first.traceparent });
    await session.callTool(name, { text: '2' }, { traceparent: second.traceparent });

    const firstSpans = await gateway.finishedSpans(first.traceId);
    const secondSpans = await gateway.finishedSpans(second.traceId);
    expect(outline(firstSpans)).toContain('      mcp.client.initialize');
    expect(outline(secondSpans)).toEqual([
      'POST /mcp',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
    expect(spanNamed(firstSpans, 'mcp.client.call').attributes['session.reused']).toBe(false);
    expect(spanNamed(secondSpans, 'mcp.client.call').attributes['session.reused']).toBe(true);
    const ids = [...firstSpans, ...secondSpans].map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('give the exposed name to the operation and the server\u2019s own name to the upstream call', async () => {
    await using session = await sdkClient(gateway, '/mcp');
    const name = await exposedName(session.client, 'local', 'echo_text');
    const { traceId, traceparent } = newCallerContext();
    await session.client.callTool({ name, arguments: { text: 'x' }, _meta: { traceparent } });
    const spans = await gateway.finishedSpans(traceId);
    expect(spanNamed(spans, 'tool.invoke').attributes['tool.name']).toBe(name);
    expect(spanNamed(spans, 'mcp.client.call').attributes['mcp.tool.name']).toBe('echo_text');
  });

  it('R16: hold a hash of the session id, the same for both calls of a session, and never the id', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const contexts = [newCallerContext(), newCallerContext()];
    const hashes = new Set<unknown>();
    for (const { traceId, traceparent } of contexts) {
      await session.callTool('echo_text', { text: 'x' }, { traceparent });
      const spans = await gateway.finishedSpans(traceId);
      hashes.add(spanNamed(spans, 'tool.invoke').attributes['mcp.session.id']);
      const recorded = JSON.stringify(await gateway.tree(traceId));
      expect(session.sessionId).toBeTypeOf('string');
      expect(recorded).not.toContain(session.sessionId);
    }
    expect(hashes.size).toBe(1);
    expect([...hashes][0]).toMatch(/^[0-9a-f]{8,}$/);
  });

  it('R49: exist for prompts and resources as well', async () => {
    await using session = await sdkClient(gateway, '/servers/local/mcp');
    const prompt = newCallerContext();
    const resource = newCallerContext();
    await session.client.getPrompt({ name: 'greeting', _meta: { traceparent: prompt.traceparent } });
    await session.client.readResource({
      uri: 'workbench://readme',
      _meta: { traceparent: resource.traceparent },
    });
    const below = ['    mcp.client.call', '      mcp.client.request', '      mcp.client.response'];
    const promptSpans = await gateway.finishedSpans(prompt.traceId);
    expect(outline(promptSpans)).toEqual(['POST /servers/{id}/mcp', '  prompt.render', ...below]);
    expect(spanNamed(promptSpans, 'prompt.render').attributes['gen_ai.prompt.name']).toBe('greeting');
    const resourceSpans = await gateway.finishedSpans(resource.traceId);
    expect(outline(resourceSpans)).toEqual(['POST /servers/{id}/mcp', '  resource.read', ...below]);
    expect(spanNamed(resourceSpans, 'resource.read').attributes['mcp.resource.uri']).toBe('workbench://readme');
  });

  it('R51: say how many tools a list had', async () => {
    await using session = await sdkClient(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const { tools } = await session.client.listTools({ _meta: { traceparent } });
    const spans = await gateway.finishedSpans(traceId);
    expect(spanNamed(spans, 'tool.list').attributes['tool.count']).toBe(tools.length);
  });

  it('R67 R95: have well-formed ids, never end before they start and lie within their parents', async () => {
    await using session = await sdkClient(gateway, '/mcp');
    const name = await exposedName(session.client, 'remote', 'echo_text');
    const { traceId, traceparent } = newCallerContext();
    await session.client.callTool({ name, arguments: { text: 'x' }, _meta: { traceparent } });
    const spans = await gateway.finishedSpans(traceId);
    for (const span of spans) {
      expect(span.traceId).toBe(traceId);
      expect(span.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      if (parent === undefined) continue;
      expect(span.start).toBeGreaterThanOrEqual(parent.start);
      expect(span.end).toBeLessThanOrEqual(parent.end);
    }
  });
});
