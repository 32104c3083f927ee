import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { spanNamed } from '../support/otlp.ts';
import { openRawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

describe('a call that the gateway itself refuses', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio(), other: workbenchStdio() } } });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each([
    ['tools/call', { name: 'nobody__knows' }, 'Unknown tool "nobody__knows".'],
    ['prompts/get', { name: 'nobody__knows' }, 'Unknown prompt "nobody__knows".'],
    ['tools/call', {}, 'A tool needs a "name".'],
    ['no/such/method', {}, 'Method "no/such/method" is not known here, and nothing in it says which server it is for.'],
  ])(
    'R35: %s with %j is an error in the list, and UNSET on the spans that served it',
    async (method, params, sentence) => {
      const session = await openRawSession(gateway, '/mcp');
      const { traceId, traceparent } = newCallerContext();
      const answer = await session.request(method, { ...params, _meta: { traceparent } });
      expect(answer).toMatchObject({ error: { message: sentence } });
      const spans = await gateway.finishedSpans(traceId);
      expect(spanNamed(spans, 'POST /mcp')).toMatchObject({ status: 'UNSET' });
      expect(spans.some(({ name }) => name === 'mcp.client.call')).toBe(false);
      const line = (await gateway.traces()).find((trace) => trace.traceId === traceId);
      expect(line).toMatchObject({ status: 'error', errorMessage: sentence });
    },
  );
});
