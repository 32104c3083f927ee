import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startModernHttpFixture } from '../fixtures/servers/modern/http.ts';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { emptyChain, type Interceptor } from '../../src/gateway/interceptor.ts';
import { createHttpHost } from '../../src/runtime/http/http-host.ts';
import { createPlanDoor } from '../../src/runtime/http/plan-door.ts';
import { createCallPlans } from '../../src/runtime/plan/call-plans.ts';
import { eventually } from '../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { startInProcessGateway, tracingObserver } from '../support/in-process-gateway.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { outline, spanNamed } from '../support/otlp.ts';
import { readMessages, type Json } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { tapHttp } from '../support/wire-tap.ts';

const SECRET = 'Bearer correct-horse-battery-staple';

interface Plan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly needs: readonly Json[];
  readonly message: Json;
  readonly _meta: Json;
  readonly traceId: string;
  readonly spanId: string;
  readonly [more: string]: unknown;
}

function ask(gateway: GatewayProcess, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return gateway.rest('/api/plan', { method: 'POST', body: JSON.stringify(body), headers });
}

async function planOf(response: Promise<Response>): Promise<Plan> {
  const { status, ...answer } = await response.then(async (came) => ({
    status: came.status,
    plan: (await came.json()) as Plan,
  }));
  expect(status).toBe(200);
  return answer.plan;
}

/** What another runtime does with a plan: the call itself. */
async function execute({ url, headers, message }: Plan, more: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify(message);
  const response = await fetch(url, { method: 'POST', headers: { ...headers, ...more }, body });
  return { status: response.status, messages: await readMessages(response) };
}

/** And the span that it records of it, as OTLP. */
function executorSpan({ traceId, spanId }: Plan): unknown {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId,
    spanId: 'e'.repeat(16),
    parentSpanId: spanId,
    name: 'executor tools/call',
    kind: 3,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 5_000_000n),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'executor' } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'executor' }, spans: [span] }] }] };
}

const ECHO = {
  method: 'tools/call',
  params: { name: 'remote__echo_text', arguments: { text: 'hi' }, _meta: { keep: 1 } },
};

describe('a plan of a call', () => {
  let http: HttpWorkbench;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    http = await startHttpWorkbench({ stateless: true });
    gateway = await startGateway({
      config: {
        gateway: { requestTimeoutMs: 30_000, baggage: { allow: ['tenant'] } },
        mcpServers: {
          remote: { type: 'http', url: http.url, headers: { Authorization: SECRET, 'X-Region': 'north' } },
          silent: { type: 'http', url: http.url, traceContext: false },
          local: workbenchStdio(),
        },
      },
    });
    await eventually('the servers are connected', async () => {
      const connected = (await gateway.traces()).filter(
        ({ name, status }) => name === 'server.connect' && status === 'ok',
      );
      return connected.length === 3;
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
  });

  it('has everything that another runtime needs, and its spans join the tree when they arrive', async () => {
    const caller = newCallerContext();
    const headers = { traceparent: caller.traceparent, tracestate: 'v=1' };
    const plan = await planOf(ask(gateway, ECHO, headers));
    expect(plan).toMatchObject({
      server: 'remote',
      tool: 'echo_text',
      transport: 'http',
      url: http.url,
      timeoutMs: 30_000,
      traceId: caller.traceId,
    });
    expect(plan.headers['traceparent']).toBe(`00-${plan.traceId}-${plan.spanId}-01`);
    expect(plan.headers['tracestate']).toBe('v=1');
    expect(plan._meta).toMatchObject({ keep: 1, traceparent: plan.headers['traceparent'] });
    expect(plan.message).toMatchObject({ params: { name: 'echo_text', arguments: { text: 'hi' }, _meta: plan._meta } });

    const { messages } = await execute(plan, { authorization: SECRET });
    expect(messages[0]).toMatchObject({ result: { content: [{ text: 'hi' }] } });
    const served = http.requestsOf('tools/call').at(-1);
    expect(served?.headers['traceparent']).toBe(plan.headers['traceparent']);

    const body = JSON.stringify(executorSpan(plan));
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    expect((await gateway.rest('/v1/traces', init)).status).toBe(200);
    await gateway.waitForTrace(
      'the executor’s span',
      ({ traceId, services }) => traceId === caller.traceId && services.includes('executor'),
    );
    const spans = await gateway.finishedSpans(caller.traceId);
    expect(outline(spans)).toEqual([
      'POST /api/plan',
      '  tool.invoke',
      '    mcp.client.call',
      '      executor tools/call',
    ]);
    expect(spanNamed(spans, 'POST /api/plan')).toMatchObject({ kind: 'SERVER', parentSpanId: caller.spanId });
    expect(spanNamed(spans, 'mcp.client.call')).toMatchObject({ spanId: plan.spanId, kind: 'CLIENT', status: 'UNSET' });
    expect(spanNamed(spans, 'mcp.client.call').attributes).toMatchObject({ 'throughline.plan': true });
    expect(spanNamed(spans, 'tool.invoke').attributes).toMatchObject({
      'throughline.plan': true,
      'gen_ai.tool.name': 'echo_text',
      'throughline.server.id': 'remote',
    });
  });

  it('R25: names the secrets of the configuration and holds none of them', async () => {
    const plan = await planOf(ask(gateway, ECHO));
    expect(plan.needs).toEqual([{ in: 'header', name: 'authorization' }]);
    expect(plan.headers['x-region']).toBe('north');
    expect(JSON.stringify(plan)).not.toContain('correct-horse');
  });

  it('may name the server, and has the baggage that may go on', async () => {
    const params = { name: 'echo_text', arguments: { text: 'hi' }, _meta: { baggage: 'tenant=acme,other=1' } };
    const body = { jsonrpc: '2.0', id: 'mine', server: 'remote', ...ECHO, params };
    const plan = await planOf(ask(gateway, body));
    expect(plan.message).toMatchObject({ jsonrpc: '2.0', id: 'mine', params: { name: 'echo_text' } });
    expect(plan.headers['baggage']).toBe('tenant=acme');
    expect(plan._meta['baggage']).toBe('tenant=acme');
  });

  it('R68: has neither context nor baggage for a server that is to get none', async () => {
    const _meta = { baggage: 'tenant=acme', traceparent: newCallerContext().traceparent };
    const params = { name: 'silent__echo_text', arguments: { text: 'hi' }, _meta };
    const plan = await planOf(ask(gateway, { method: 'tools/call', params }));
    expect(JSON.stringify([plan.headers, plan.message])).not.toMatch(/traceparent|baggage/);
    expect(plan.spanId).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['a server on stdio', { ...ECHO, params: { name: 'local__echo_text' } }, 409, /stdio/],
    ['a tool that nobody has', { ...ECHO, params: { name: 'remote_nothing' } }, 404, /no tool "remote_nothing"/],
    ['a server that is not there', { ...ECHO, server: 'gone' }, 404, /at server "gone"/],
    ['another method', { method: 'tools/list', params: {} }, 400, /tools\/call/],
  ])('is refused for %s', async (_what, body, status, sentence) => {
    const response = await ask(gateway, body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toMatch(sentence);
  });

  it('needs the token of the gateway, and POST', async () => {
    expect((await ask(gateway, ECHO, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await gateway.rest('/api/plan')).status).toBe(405);
  });
});

it('a plan for a server of the stateless era is a request that the server understands by itself', async () => {
  const server = await startModernHttpFixture({ modernOnly: true });
  await using tap = await tapHttp(server.url);
  const config = { gateway: { planSecrets: true }, mcpServers: { one: { type: 'http', url: tap.url } } };
  await using gateway = await startGateway({ config });
  await gateway.waitForTrace(
    'the server is connected',
    ({ name, status }) => name === 'server.connect' && status === 'ok',
  );
  const plan = await planOf(ask(gateway, { method: 'tools/call', params: { name: 'one__test_simple_text' } }));
  expect(plan).toMatchObject({ era: 'modern', protocolVersion: '2026-07-28' });
  const { status, messages } = await execute(plan);
  expect(status).toBe(200);
  expect(messages.at(-1)).toHaveProperty(['result', 'content']);
  await server.close();
});

describe('the plugins of a gateway', () => {
  /** A plan door over a gateway with this chain. */
  async function startPlanning(interceptor: Interceptor) {
    const http = await startHttpWorkbench({ stateless: true });
    const servers = { remote: { type: 'http', url: http.url, headers: {} } } as const;
    const running = await startInProcessGateway({ servers, observer: tracingObserver(), interceptor });
    const { planner } = running.gateway;
    const plans = createCallPlans({ planner, withSecrets: false, sanitize: (text) => text, mcpUrl: () => '/mcp' });
    const defects: unknown[] = [];
    const report = (_doing: string, thrown: unknown): void => void defects.push(thrown);
    const host = await createHttpHost({
      port: 0,
      token: running.token,
      isPublic: () => false,
      doors: [createPlanDoor({ plans, maxBodyBytes: 1_000, report })],
      upgrade: null,
      report,
    });
    return {
      defects,
      ask: (body: unknown) =>
        fetch(`${host.origin}/api/plan`, {
          method: 'POST',
          headers: { authorization: `Bearer ${running.token}` },
          body: JSON.stringify(body),
        }),
      async [Symbol.asyncDispose]() {
        await host.close();
        await running.stop();
        await http.close();
      },
    };
  }

  it('may change what is planned', async () => {
    const before: Interceptor['before'] = ({ request }) => {
      const text = request.text.replace('"hi"', '"bye"');
      return { kind: 'proceed', request: { ...request, text, params: (JSON.parse(text) as { params: Json }).params } };
    };
    await using planning = await startPlanning({ ...emptyChain, before });
    const plan = await planOf(planning.ask(ECHO));
    expect(plan.message).toMatchObject({ params: { arguments: { text: 'bye' } } });
  });

  it('may stop it, with the error that the call itself would have had', async () => {
    const violation = { code: -32_050, message: 'Not today.', data: { plugin: 'calendar' } };
    await using planning = await startPlanning({ ...emptyChain, before: () => ({ kind: 'stop', violation }) });
    const response = await planning.ask({ ...ECHO, id: 7 });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 7, error: violation });
  });

  it('may fail, which is told in one sentence', async () => {
    const before = (): never => {
      throw new Error('secret detail');
    };
    await using planning = await startPlanning({ ...emptyChain, before });
    const response = await planning.ask(ECHO);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret detail');
    expect(planning.defects).toHaveLength(1);
  });

  it('never see what is too large', async () => {
    await using planning = await startPlanning(emptyChain);
    expect((await planning.ask({ ...ECHO, padding: 'x'.repeat(1_000) })).status).toBe(413);
  });
});
