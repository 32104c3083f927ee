import { describe, expect, it } from 'vitest';
import { startScriptedHttp } from '../fixtures/servers/scripted-http.ts';
import { startGateway } from '../support/gateway-process.ts';
import { outline } from '../support/otlp.ts';
import { answerText, openRawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

describe('a call that is sent again', () => {
  it('R51: has a span for each attempt, with its number, its own context upstream and its own outcome', async () => {
    let hasForgotten = false;
    await using server = await startScriptedHttp(({ message }, response) => {
      if (message['method'] !== 'tools/call' || hasForgotten) return false;
      hasForgotten = true;
      response.writeHead(404).end();
      return true;
    });
    await using gateway = await startGateway({ config: { mcpServers: { once: { type: 'http', url: server.url } } } });
    const session = await openRawSession(gateway, '/servers/once/mcp');
    const { traceId, traceparent } = newCallerContext();
    expect(answerText(await session.callTool('echo_text', { text: 'x' }, { traceparent }))).toBe('proper');

    const spans = await gateway.finishedSpans(traceId);
    expect(outline(spans)).toEqual([
      'POST /servers/{id}/mcp',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '    mcp.client.call',
      '      mcp.client.initialize',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
    const [first, second] = spans.filter(({ name }) => name === 'mcp.client.call');
    expect(first).toMatchObject({ status: 'ERROR', attributes: { 'session.reused': true, 'error.type': 'not_found' } });
    expect(first?.attributes).not.toHaveProperty('retry_attempt');
    expect(first?.events.map(({ name }) => name)).toEqual(['exception']);
    expect(second).toMatchObject({ status: 'UNSET', attributes: { 'session.reused': false, retry_attempt: 2 } });
    expect(second?.events).toEqual([]);
    const sent = server.requestsOf('tools/call').map(({ headers }) => headers['traceparent']);
    expect(sent).toEqual([first, second].map((call) => `00-${traceId}-${call?.spanId ?? ''}-01`));
    const line = (await gateway.traces()).find((trace) => trace.traceId === traceId);
    expect(line).toMatchObject({ spanCount: 8, openSpanCount: 0 });
  });
});
