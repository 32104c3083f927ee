import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { outline, readOtlp, spanNamed, type OtlpSpan } from '../../support/otlp.ts';
import { answerText, openRawSession, type Json } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';

/** A server with the stock OpenTelemetry packages, which knows where to send only from its environment. */
function stockServer(env: Readonly<Record<string, string>> = {}): object {
  const script = fileURLToPath(new URL('../../fixtures/servers/joining/stock-stdio.mjs', import.meta.url));
  return { command: process.execPath, args: [script], env };
}

async function callOf(gateway: GatewayProcess, server: string): Promise<string> {
  const session = await openRawSession(gateway, `/servers/${server}/mcp`);
  const { traceId, traceparent } = newCallerContext();
  await session.callTool('forecast', { city: 'Oslo' }, { traceparent });
  return traceId;
}

async function spansWithServer(
  gateway: GatewayProcess,
  traceId: string,
  service: string,
): Promise<readonly OtlpSpan[]> {
  return eventually(`spans of ${service} have come`, async () => {
    const response = await gateway.rest(`/api/traces/${traceId}`);
    const spans = response.ok ? readOtlp(await response.json()) : [];
    return spans.filter((span) => span.service === service).length >= 2 && spans;
  });
}

describe('a server that the gateway starts', () => {
  it('R83: sends its spans here, under its own name, and they are below the call', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { weather: stockServer() } } });
    const spans = await spansWithServer(gateway, await callOf(gateway, 'weather'), 'weather');
    expect(outline(spans)).toEqual([
      'POST /servers/{id}/mcp',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      tools/call forecast',
      '        ask the weather service',
      '      mcp.client.response',
    ]);
    expect(spanNamed(spans, 'tools/call forecast')).toMatchObject({ kind: 'SERVER', service: 'weather' });
    expect(spanNamed(spans, 'mcp.client.call').service).toBe('throughline');
  });

  it('R83: keeps the name and the place of its user, and never sends our token there', async () => {
    const named = stockServer({ OTEL_SERVICE_NAME: 'mine' });
    const elsewhere = stockServer({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    const private_ = { ...stockServer(), traceContext: false };
    const mcpServers = { named, elsewhere, private: private_ };
    await using gateway = await startGateway({ config: { mcpServers } });
    const spans = await spansWithServer(gateway, await callOf(gateway, 'named'), 'mine');
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['throughline', 'mine']));
    for (const server of ['elsewhere', 'private']) {
      const traceId = await callOf(gateway, server);
      const own = await gateway.finishedSpans(traceId);
      expect(new Set(own.map(({ service }) => service))).toEqual(new Set(['throughline']));
    }
  });

  it('R83: is started in the name of the span that opens it, with a token that is in no trace', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId: called, traceparent } = newCallerContext();
    const env = JSON.parse(answerText(await session.callTool('echo_env', {}, { traceparent }))) as Json;
    expect(env).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: gateway.origin,
      OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${gateway.ready.otlpToken}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SERVICE_NAME: 'local',
    });
    const [, traceId = '', spanId] = String(env['TRACEPARENT']).split('-');
    const opened = (await gateway.finishedSpans(traceId)).find((span) => span.spanId === spanId);
    // The call's own while another session finds out of which era the server is.
    expect(['mcp.client.call', 'mcp.client.initialize', 'mcp.client.discover']).toContain(opened?.name);
    const tree = JSON.stringify(await gateway.tree(called));
    expect(tree).toContain('OTEL_EXPORTER_OTLP_HEADERS');
    for (const token of [gateway.ready.otlpToken, gateway.token]) expect(tree).not.toContain(token);
    expect(Object.values(env)).not.toContain(gateway.token);
  });
});
