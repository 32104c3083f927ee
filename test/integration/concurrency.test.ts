import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpWorkbench, type HttpWorkbench } from '../fixtures/servers/workbench-http.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { outline, spanNamed } from '../support/otlp.ts';
import { answerText, openRawSession, type Json, type RawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

const CALLS = 200;

interface Echo {
  readonly meta: { readonly traceparent: string };
  readonly args: { readonly n: number };
}

describe.each(['dedicated', 'shared'] as const)('calls at the same time, upstream sessions %s', (mode) => {
  let http: HttpWorkbench;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    http = await startHttpWorkbench();
    gateway = await startGateway({
      config: {
        mcpServers: { local: workbenchStdio(), remote: { type: 'http', url: http.url } },
        gateway: { session: mode },
      },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await http.close();
  });

  it.each(['local', 'remote'])('R54: 200 of them to %s are 200 traces with no cross parent', async (server) => {
    const session = await openRawSession(gateway, `/servers/${server}/mcp`);
    const contexts = Array.from({ length: CALLS }, newCallerContext);
    const echoes = await Promise.all(
      contexts.map(async ({ traceparent }, n) => {
        const answer = await session.callTool('echo_meta', { n }, { traceparent });
        return JSON.parse(answerText(answer)) as Echo;
      }),
    );
    for (const [n, context] of contexts.entries()) {
      const echo = echoes[n];
      expect(echo?.args.n).toBe(n);
      const spans = await gateway.finishedSpans(context.traceId);
      expect(outline(spans)).toEqual([
        'POST /servers/{id}/mcp',
        '  tool.invoke',
        '    mcp.client.call',
        '      mcp.client.request',
        '      mcp.client.response',
      ]);
      const call = spanNamed(spans, 'mcp.client.call');
      expect(echo?.meta.traceparent).toBe(`00-${context.traceId}-${call.spanId}-01`);
      expect(spanNamed(spans, 'POST /servers/{id}/mcp').parentSpanId).toBe(context.spanId);
    }
  });

  const chatty = (session: RawSession, label: string): Promise<{ readonly messages: readonly Json[] }> =>
    session.post({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'chatty', arguments: { steps: 20, label }, _meta: { progressToken: 1 } },
    });

  it.each(['local', 'remote'])(
    'S19: clients of %s with the same ids and tokens never see each other',
    async (server) => {
      const labels = ['alpha', 'beta', 'gamma', 'delta'];
      const sessions = await Promise.all(labels.map(() => openRawSession(gateway, `/servers/${server}/mcp`)));
      expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(labels.length);
      const answers = await Promise.all(sessions.map((session, index) => chatty(session, labels[index] ?? '')));
      for (const [index, { messages }] of answers.entries()) {
        const own = labels[index];
        const texts = messages.map((message) => JSON.stringify(message));
        expect(texts.filter((text) => labels.some((label) => label !== own && text.includes(label)))).toEqual([]);
        const progress = messages.filter(({ method }) => method === 'notifications/progress');
        expect(progress.map(({ params }) => (params as Json)['progressToken'])).toEqual(Array(20).fill(1));
        expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: own }] } });
      }
    },
  );

  it('S19: a session id of one endpoint opens no other', async () => {
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const response = await gateway.rest('/servers/remote/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'mcp-session-id': session.sessionId ?? '' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBe(404);
  });
});
