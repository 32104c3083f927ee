import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { openRawSession, type RawSession } from '../../support/raw-session.ts';
import { newCallerContext, type CallerContext } from '../../support/trace-context.ts';
import { doorServer, initializeRequest, openLegacyStream, toolCall } from './door-support.ts';

const UPKEEP = /^server\.|^GET /;

describe('what the gateway hands on inside itself', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({
      config: {
        mcpServers: { local: doorServer().entry, other: doorServer().entry },
        virtualServers: { team: { servers: { local: { tools: ['echo'], prompts: [], resources: [] } } } },
      },
    });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const ids = async (): Promise<readonly string[]> =>
    (await gateway.traces()).filter(({ name }) => !UPKEEP.test(name)).map(({ traceId }) => traceId);

  /** The traces that a call made, beside the callers' own. */
  async function newTraces(
    callers: readonly CallerContext[],
    call: () => Promise<unknown>,
  ): Promise<readonly string[]> {
    const before = new Set(await ids());
    await call();
    for (const { traceId } of callers) await gateway.finishedSpans(traceId);
    // What is recorded is in order: once a later call is there, all that came before it is.
    const later = newCallerContext();
    await gateway.rest('/rpc', {
      method: 'POST',
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'ping',
        params: { _meta: { traceparent: later.traceparent } },
      }),
    });
    await gateway.finishedSpans(later.traceId);
    return (await ids()).filter((id) => !before.has(id) && id !== later.traceId);
  }

  const namesOf = async (session: RawSession): Promise<readonly string[]> => {
    const { result } = (await session.request('tools/list', {})) as { result: { tools: { name: string }[] } };
    return result.tools.map(({ name }) => name);
  };

  it.each(['/mcp', '/servers/team/mcp', '/servers/local/mcp'])(
    'starts no trace of its own for a list and a call at %s',
    async (path) => {
      const session = await openRawSession(gateway, path);
      const name = (await namesOf(session)).find((tool) => tool.endsWith('echo')) ?? '';
      const [list, call] = [newCallerContext(), newCallerContext()];
      const made = await newTraces([list, call], async () => {
        await session.request('tools/list', { _meta: { traceparent: list.traceparent } });
        await session.callTool(name, { text: 'x' }, { traceparent: call.traceparent });
      });
      expect([...made].sort()).toEqual([list.traceId, call.traceId].sort());
    },
  );

  it.each(['/mcp', '/rpc'])('makes one trace of a batch at %s', async (path) => {
    const session = await openRawSession(gateway, '/mcp');
    const name = (await namesOf(session)).find((tool) => tool.endsWith('echo')) ?? '';
    const caller = newCallerContext();
    const batch = [toolCall('a', name, { text: '1' }), toolCall('b', name, { text: '2' })];
    const made = await newTraces([caller], () =>
      gateway.rest(path, {
        method: 'POST',
        headers: { traceparent: caller.traceparent, 'mcp-session-id': session.sessionId ?? '' },
        body: JSON.stringify(batch),
      }),
    );
    expect(made).toEqual([caller.traceId]);
  });

  it('R39: makes one trace of a call over HTTP+SSE to a virtual server', async () => {
    const { stream, endpoint } = await openLegacyStream(gateway, '/servers/team/sse');
    const send = (body: unknown): Promise<Response> =>
      gateway.rest(endpoint, { method: 'POST', body: JSON.stringify(body) });
    await send(initializeRequest('2024-11-05'));
    await stream.hears('the answer to initialize', ({ id }) => id === 0);
    await send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const { result } = await stream.hears('the list', ({ id }) => id === 1);
    const { tools } = result as { tools: { name: string }[] };
    expect(tools).toHaveLength(1);
    const caller = newCallerContext();
    const made = await newTraces([caller], async () => {
      await send(toolCall(2, tools[0]?.name ?? '', { text: 'x' }, { traceparent: caller.traceparent }));
      await stream.hears('the answer', ({ id }) => id === 2);
    });
    expect(made).toEqual([caller.traceId]);
    stream.break();
  });
});
