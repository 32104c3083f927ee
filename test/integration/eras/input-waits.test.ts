import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture, type ModernHttpFixture } from '../../fixtures/servers/modern/http.ts';
import { connectCapableClient } from '../../support/capable-client.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { openModernClient, type ModernClient } from '../../support/modern-client.ts';
import type { OtlpSpan } from '../../support/otlp.ts';
import { doorServer } from '../doors/door-support.ts';
import type { Json } from '../../support/raw-session.ts';
import { textOf } from '../../support/sdk-client.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { treeSpans } from '../../support/trace-tree.ts';

const ASKING = {
  older: { tool: 'ask_user', args: { label: 'who?' }, answer: /Ada/ },
  newer: { tool: 'test_input_required_result_elicitation', args: {}, answer: /Hello, Ada/ },
} as const;

type ServerName = keyof typeof ASKING;

const REPLY = { action: 'accept', content: { name: 'Ada' } };
const SERVER_NAMES: readonly ServerName[] = ['older', 'newer'];

let http: ModernHttpFixture;
let gateway: GatewayProcess;

beforeAll(async () => {
  http = await startModernHttpFixture({ modernOnly: true });
  const mcpServers = { newer: { type: 'http', url: http.url }, older: doorServer().entry };
  gateway = await startGateway({ config: { mcpServers } });
});

afterAll(async () => {
  await gateway.stop();
  await http.close();
});

function modernClient(server: ServerName): ModernClient {
  return openModernClient(gateway, `/servers/${server}/mcp`, { capabilities: { elicitation: { form: {} } } });
}

/** What the request must bring when it comes again. */
async function asked(client: ModernClient, tool: string, params: Json, meta: Json): Promise<Json> {
  const { result } = await client.send('tools/call', { name: tool, ...params }, { meta });
  expect(result).toMatchObject({ resultType: 'input_required' });
  const keys = Object.keys(result?.['inputRequests'] as Json);
  const state = result?.['requestState'];
  return {
    ...params,
    inputResponses: Object.fromEntries(keys.map((key) => [key, REPLY])),
    ...(state === undefined ? {} : { requestState: state }),
  };
}

function named(spans: readonly OtlpSpan[], name: string): readonly OtlpSpan[] {
  return spans.filter((span) => span.name === name).sort((a, b) => (a.start < b.start ? -1 : 1));
}

describe.each(SERVER_NAMES)('a client of the stateless era that the %s server asks something', (server) => {
  const { tool, args, answer } = ASKING[server];

  it('comes back in the same trace, under the operation that it began', async () => {
    const client = modernClient(server);
    const { traceparent, traceId, spanId } = newCallerContext();
    const retry = await asked(client, tool, { arguments: args }, { traceparent });

    const waiting = treeSpans(await gateway.tree(traceId)).filter(({ open }) => open);
    expect(waiting.map(({ name }) => name)).toContain('mcp.input.wait');

    const { result } = await client.send('tools/call', { name: tool, ...retry });
    expect(textOf(result)).toMatch(answer);
    const spans = await gateway.finishedSpans(traceId);
    const [begun, resumed] = named(spans, 'POST /servers/{id}/mcp');
    const [first, second] = named(spans, 'tool.invoke');
    const [wait, ...others] = named(spans, 'mcp.input.wait');
    expect(begun?.parentSpanId).toBe(spanId);
    expect(first?.parentSpanId).toBe(begun?.spanId);
    expect(resumed?.parentSpanId).toBe(first?.spanId);
    expect(second?.parentSpanId).toBe(resumed?.spanId);
    expect(others).toEqual([]);
    expect(wait?.parentSpanId).toBe(first?.spanId);
    expect(wait?.attributes['throughline.input.methods']).toEqual(['elicitation/create']);
    expect(wait?.attributes).not.toHaveProperty(['error.type']);
    expect(wait?.start).toBeLessThan(second?.start ?? 0n);
    expect(wait?.end).toBeGreaterThanOrEqual(begun?.end ?? 0n);
  });

  it('comes back in a trace of its own where it names one, which leads to the operation that it began', async () => {
    const client = modernClient(server);
    const [before, after] = [newCallerContext(), newCallerContext()];
    const retry = await asked(client, tool, { arguments: args }, { traceparent: before.traceparent });
    const { traceparent } = after;
    const { result } = await client.send('tools/call', { name: tool, ...retry }, { meta: { traceparent } });
    expect(textOf(result)).toMatch(answer);
    const [first] = named(await gateway.finishedSpans(before.traceId), 'tool.invoke');
    const [resumed] = named(await gateway.finishedSpans(after.traceId), 'POST /servers/{id}/mcp');
    expect(resumed?.parentSpanId).toBe(after.spanId);
    expect(resumed?.links).toMatchObject([{ traceId: before.traceId, spanId: first?.spanId }]);
  });
});

it('all rounds of one operation are children of its first', async () => {
  const client = modernClient('newer');
  const tool = 'test_input_required_result_multi_round';
  const { traceparent, traceId } = newCallerContext();
  const round1 = await asked(client, tool, { arguments: {} }, { traceparent });
  const again = await client.send('tools/call', {
    name: tool,
    ...round1,
    inputResponses: { step1: { action: 'accept', content: { name: 'Ada' } } },
  });
  const { requestState } = again.result ?? {};
  const step2 = { action: 'accept', content: { color: 'teal' } };
  const { result } = await client.send('tools/call', {
    name: tool,
    arguments: {},
    requestState,
    inputResponses: { step2 },
  });
  expect(textOf(result)).toContain('teal');
  const spans = await gateway.finishedSpans(traceId);
  const [first] = named(spans, 'tool.invoke');
  const [, ...attempts] = named(spans, 'POST /servers/{id}/mcp');
  expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([first?.spanId, first?.spanId]);
  const waits = named(spans, 'mcp.input.wait');
  expect(waits.map(({ parentSpanId }) => parentSpanId)).toEqual([first?.spanId, first?.spanId]);
});

it('operations that are asked the same are told apart by what they were asked for', async () => {
  const client = modernClient('newer');
  const { tool } = ASKING.newer;
  const callers = [newCallerContext(), newCallerContext()];
  const retries: Json[] = [];
  for (const [index, { traceparent }] of callers.entries())
    retries.push(await asked(client, tool, { arguments: { index } }, { traceparent }));
  for (const retry of retries) await client.send('tools/call', { name: tool, ...retry });
  for (const { traceId } of callers) expect(named(await gateway.finishedSpans(traceId), 'tool.invoke')).toHaveLength(2);
});

describe.each(SERVER_NAMES)('a client of the era of handshakes that the %s server asks something', (server) => {
  const { tool, args, answer } = ASKING[server];

  it('is waited for in the trace of its call', async () => {
    const client = await connectCapableClient(gateway, `/servers/${server}/mcp`, {
      elicit: () => ({ action: 'accept', content: { name: 'Ada' } }),
    });
    await using me = client;
    const { traceparent, traceId } = newCallerContext();
    const result = await me.client.callTool({ name: tool, arguments: args, _meta: { traceparent } });
    expect(textOf(result)).toMatch(answer);
    const spans = await gateway.finishedSpans(traceId);
    const [invoke] = named(spans, 'tool.invoke');
    const [wait, ...others] = named(spans, 'mcp.input.wait');
    expect(others).toEqual([]);
    expect(wait?.parentSpanId).toBe(invoke?.spanId);
    expect(wait?.attributes).toMatchObject({ 'throughline.input.methods': ['elicitation/create'] });
    expect(wait?.attributes).not.toHaveProperty(['error.type']);
  });
});
