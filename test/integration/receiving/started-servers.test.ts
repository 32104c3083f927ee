import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../../support/gateway-process.ts';
import { outline, readOtlp, spanNamed, type OtlpSpan } from '../../support/otlp.ts';
import { openRawSession } from '../../support/raw-session.ts';
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
});
