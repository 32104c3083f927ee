import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { connectCapableClient, type CapableClientOptions } from '../../support/capable-client.ts';
import { everythingStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { spanNamed, type OtlpSpan } from '../../support/otlp.ts';
import { sdkV2Client } from '../../support/sdk-v2-client.ts';
import { textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { treeSpans } from '../../support/trace-tree.ts';
import { doorServer } from '../doors/door-support.ts';

let http: ModernHttpFixture;
let gateway: GatewayProcess;

beforeAll(async () => {
  http = await startModernHttpFixture({ modernOnly: true });
  const mcpServers = {
    older: doorServer().entry,
    newer: { type: 'http', url: http.url },
    everything: everythingStdio(),
  };
  gateway = await startGateway({ config: { mcpServers } });
});

afterAll(async () => {
  await gateway.stop();
  await http.close();
});

interface Asked {
  readonly spans: readonly OtlpSpan[];
  /** What the client got. */
  readonly heard: Readonly<Record<string, unknown>>;
  readonly traceId: string;
}

/** Calls a tool that asks, as the official client of the era of handshakes. */
async function ask(path: string, tool: string, options: CapableClientOptions): Promise<Asked> {
  await using me = await connectCapableClient(gateway, path, options);
  const { traceparent, traceId } = newCallerContext();
  await me.client
    .callTool({ name: tool, arguments: { label: 'what?' }, _meta: { traceparent } })
    .catch(() => 'the answer is not what is looked at here');
  const heard = me.heard.find(({ method }) => method.includes('/create'));
  return { spans: await gateway.finishedSpans(traceId), heard: heard?.params ?? {}, traceId };
}

function metaOf(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return (params['_meta'] ?? {}) as Readonly<Record<string, unknown>>;
}

function parentOf(span: OtlpSpan, spans: readonly OtlpSpan[]): OtlpSpan | undefined {
  return spans.find(({ spanId }) => spanId === span.parentSpanId);
}

describe('what a server asks of its client during a call', () => {
  it.each([
    ['/servers/older/mcp', 'ask_model', 'sampling.create_message', 'sampling/createMessage'],
    ['/mcp', 'older__ask_user', 'elicitation.create', 'elicitation/create'],
    ['/servers/newer/mcp', 'test_input_required_result_elicitation', 'elicitation.create', 'elicitation/create'],
  ])('R49 R56: is a client span below that call, at %s by %s', async (path, tool, name, method) => {
    const elicit = () => ({ action: 'accept' as const, content: { name: 'Ada' } });
    const { spans, heard } = await ask(path, tool, { elicit });
    const question = spanNamed(spans, name);
    const wait = spanNamed(spans, 'mcp.input.wait');
    const serverId = path === '/servers/newer/mcp' ? 'newer' : 'older';
    expect(question).toMatchObject({ kind: 'CLIENT', status: 'UNSET', parentSpanId: wait.spanId });
    expect(parentOf(wait, spans)).toMatchObject({ name: 'tool.invoke' });
    expect(question.attributes).toMatchObject({
      'mcp.method.name': method,
      'jsonrpc.request.id': expect.stringMatching(/^throughline-\d+$/),
      'throughline.server.id': serverId,
      'throughline.client.name': 'capable-client',
      'mcp.session.id': spanNamed(spans, 'tool.invoke').attributes['mcp.session.id'],
    });
    expect(question.attributes).not.toHaveProperty(['error.type']);
    expect(question.start).toBeGreaterThanOrEqual(wait.start);
    expect(question.end).toBeLessThanOrEqual(wait.end);
    expect(metaOf(heard)['traceparent']).toBe(`00-${question.traceId}-${question.spanId}-01`);
  });

  it('R56: has the client’s answer, which comes in a request of its own, below it', async () => {
    const { spans } = await ask('/servers/older/mcp', 'ask_model', {});
    const question = spanNamed(spans, 'sampling.create_message');
    const [answer, ...others] = spans.filter(({ parentSpanId }) => parentSpanId === question.spanId);
    expect(others).toEqual([]);
    expect(answer).toMatchObject({ name: 'POST /servers/{id}/mcp', kind: 'SERVER' });
    expect(answer?.attributes).toMatchObject({ 'http.response.status_code': 202 });
  });

  it('R56: is kept with what was asked and what was answered', async () => {
    const { traceId } = await ask('/servers/older/mcp', 'ask_model', { sample: () => 'forty-two' });
    const [question] = treeSpans(await gateway.tree(traceId)).filter(({ name }) => name === 'sampling.create_message');
    const bodies = Object.fromEntries((question?.payloads ?? []).map(({ direction, text }) => [direction, text]));
    expect(bodies['request']).toContain('"what?"');
    expect(bodies['response']).toContain('forty-two');
  });

  it.each([
    ['accept', { 'throughline.elicitation.action': 'accept' }],
    ['decline', { 'throughline.elicitation.action': 'decline' }],
    ['cancel', { 'throughline.elicitation.action': 'cancel' }],
  ] as const)('says what the user did with a form: %s', async (action, attributes) => {
    const { spans } = await ask('/servers/older/mcp', 'ask_user', { elicit: () => ({ action }) });
    const question = spanNamed(spans, 'elicitation.create');
    expect(question.attributes).toMatchObject(attributes);
    expect(question.status).toBe('UNSET');
  });

  it('that the client refuses with an error failed, and says with which', async () => {
    const sample = (): never => {
      throw new Error('The user said no.');
    };
    const { spans } = await ask('/servers/older/mcp', 'ask_model', { sample });
    const question = spanNamed(spans, 'sampling.create_message');
    expect(question).toMatchObject({ status: 'ERROR', statusMessage: expect.stringContaining('The user said no.') });
    expect(question.attributes).toMatchObject({ 'error.type': '-32603', 'rpc.response.status_code': '-32603' });
  });
});

describe('what a server asks of a client of the stateless era', () => {
  it.each([
    ['older', 'ask_user'],
    ['newer', 'test_input_required_result_elicitation'],
  ])('R49 R56: is a span below the operation that was begun, by the %s server', async (server, tool) => {
    await using me = await sdkV2Client(gateway, `/servers/${server}/mcp`, {
      capabilities: { elicitation: { form: {} } },
      prepare: (client) => {
        client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
      },
    });
    const { traceparent, traceId } = newCallerContext();
    const answer = await me.client.callTool({ name: tool, arguments: { label: 'who?' }, _meta: { traceparent } });
    expect(textOf(answer)).toContain('Ada');
    const spans = await gateway.finishedSpans(traceId);
    const question = spanNamed(spans, 'elicitation.create');
    const wait = spanNamed(spans, 'mcp.input.wait');
    expect(question).toMatchObject({ kind: 'CLIENT', status: 'UNSET', parentSpanId: wait.spanId });
    expect(question.attributes).toMatchObject({
      'mcp.method.name': 'elicitation/create',
      'throughline.server.id': server,
      'throughline.elicitation.action': 'accept',
    });
    const first = parentOf(wait, spans);
    expect(first?.name).toBe('tool.invoke');
    expect(first?.start).toBe(
      spans
        .filter(({ name }) => name === 'tool.invoke')
        .map(({ start }) => start)
        .sort()[0],
    );
  });
});

describe('what a server asks of its client outside of any call', () => {
  it('is a trace of its own with the client’s answer in it, and counts the folders', async () => {
    await using me = await connectCapableClient(gateway, '/servers/everything/mcp', { roots: ['/one', '/two'] });
    await me.hears('the question for folders', ({ method }) => method === 'roots/list');
    const line = await gateway.waitForTrace('the question', ({ name }) => name === 'root.list');
    const spans = await gateway.finishedSpans(line.traceId);
    const question = spanNamed(spans, 'root.list');
    expect(question).toMatchObject({ kind: 'CLIENT', parentSpanId: null, status: 'UNSET' });
    expect(question.attributes).toMatchObject({
      'mcp.method.name': 'roots/list',
      'root.count': 2,
      'throughline.server.id': 'everything',
    });
    expect(spanNamed(spans, 'POST /servers/{id}/mcp').parentSpanId).toBe(question.spanId);
  });
});
