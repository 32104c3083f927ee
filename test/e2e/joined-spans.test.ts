import { describe, expect } from 'vitest';
import { workbenchStdio } from '../support/fixture-servers.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import type { OtlpSpan } from '../support/otlp.ts';
import { sdkClient } from '../support/sdk-client.ts';
import { it, soon } from './stage.ts';

const config = { mcpServers: { bench: workbenchStdio() } };
const MILLI = 1_000_000n;

/** What a server's own exporter would send: one span below the gateway's, by a clock of its own. */
async function report(gateway: GatewayProcess, parent: OtlpSpan, name: string, fromMs: bigint): Promise<void> {
  const start = parent.start + fromMs * MILLI;
  const span = {
    traceId: parent.traceId,
    spanId: name === 'handle echo_text' ? 'b7ad6b7169203331' : 'b7ad6b7169203332',
    parentSpanId: parent.spanId,
    name,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + MILLI),
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'bench-server' } }] };
  const body = JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'own' }, spans: [span] }] }],
  });
  const response = await gateway.rest('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
}

describe('spans of other processes', () => {
  it('join the tree of an open trace, wear the colour and the name of their service, and tell that clocks differ', async ({
    stage,
  }) => {
    const gateway = await stage.startGateway({ config });
    const app = await stage.open(gateway);
    await using session = await sdkClient(gateway, '/servers/bench/mcp');
    await session.client.callTool({ name: 'echo_text', arguments: { text: 'a' } });
    await app.traces.open('echo_text');
    await soon(() => app.trace.sentence.innerText()).toContain('answered in');
    const { traceId } = await gateway.waitForTrace('the call is there', (trace) => trace['target'] === 'echo_text');
    const spans = await gateway.finishedSpans(traceId);
    const parent = spans.find(({ name }) => name === 'mcp.client.call');
    if (parent === undefined) throw new Error('The call has no client span.');

    await report(gateway, parent, 'handle echo_text', -120n);
    const row = app.trace.span('handle echo_text');
    await row.waitFor();
    await row.getByTitle('Received from bench-server').waitFor();
    await row.getByTitle('starts 120 ms before its parent: the clocks differ').waitFor();
    await soon(() => app.trace.head.innerText()).toContain('Clocks differ by 120 ms');
    await row.click();
    await app.detail.pane.getByText('It starts 120 ms before its parent: the clocks differ.').waitFor();
    await soon(() => app.detail.fact('Service')).toBe('bench-server');

    await report(gateway, parent, 'on time', 0n);
    await app.trace.span('on time').waitFor();
    expect(
      await app.trace
        .span('on time')
        .getByTitle(/clocks differ/)
        .count(),
    ).toBe(0);

    await app.settings.open();
    await soon(() => app.settings.row('Received').innerText()).toMatch(
      /2 spans in 2 requests · 0 rejected\s+bench-server/,
    );
  });
});
