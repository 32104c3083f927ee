import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { spanNamed } from '../../support/otlp.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

it('an agent that sends its own spans has the gateway\u2019s, and those of the server behind it, below them', async () => {
  const weather = { command: process.execPath, args: [path('servers/joining/v1-stdio.mjs')] };
  await using gateway = await startGateway({ config: { mcpServers: { weather } } });
  const env = { PATH: process.env['PATH'] ?? '', THROUGHLINE_URL: gateway.ready.mcp, THROUGHLINE_TOKEN: gateway.token };
  const { stdout } = await promisify(execFile)(process.execPath, [path('clients/traced-agent.mjs')], { env });
  expect(stdout).toBe('Oslo: sunny\n');

  const trace = await gateway.waitForTrace(
    'the agent\u2019s span and the server\u2019s are in one trace',
    ({ services }) => ['my-agent', 'throughline', 'weather'].every((service) => services.includes(service)),
  );
  const spans = await eventually('the server\u2019s work is in it', async () => {
    const all = await gateway.finishedSpans(trace.traceId);
    return all.some(({ name }) => name === 'ask the weather service') && all;
  });
  const chain = ['plan a trip', 'POST /mcp', 'tool.invoke', 'mcp.client.call', 'tools/call forecast'] as const;
  let parent: string | null = null;
  for (const name of chain) {
    const span = spanNamed(spans, name);
    expect(span.parentSpanId).toBe(parent);
    parent = span.spanId;
  }
  expect(spanNamed(spans, 'ask the weather service').parentSpanId).toBe(parent);
});
