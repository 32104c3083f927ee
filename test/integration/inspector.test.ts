import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everythingStdio, workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { runInspector } from '../support/inspector-cli.ts';
import { outline } from '../support/otlp.ts';

describe('the MCP Inspector through the gateway', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({
      config: { mcpServers: { everything: everythingStdio(), local: workbenchStdio() } },
    });
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.each(['legacy', 'auto'])('lists the tools of all servers (era %s)', async (era) => {
    const run = await runInspector(gateway, '/mcp', '--protocol-era', era, '--method', 'tools/list');
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('everything');
    expect(run.stdout).toContain('echo_text');
  });

  it('calls a tool of one server and leaves a whole trace', async () => {
    const call = ['--method', 'tools/call', '--tool-name', 'get-sum', '--tool-arg', 'a=2', 'b=40'];
    const run = await runInspector(gateway, '/servers/everything/mcp', '--protocol-era', 'legacy', ...call);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('42');
    const { traceId } = await gateway.waitForTrace(
      'the Inspector\u2019s call was recorded',
      (trace) => trace['target'] === 'get-sum' && trace.openSpanCount === 0,
    );
    expect(outline(await gateway.finishedSpans(traceId))).toEqual([
      'POST /servers/{id}/mcp',
      '  tool.invoke',
      '    mcp.client.call',
      '      mcp.client.request',
      '      mcp.client.response',
    ]);
  });

  it('is told of a wrong token', async () => {
    const stranger = { ...gateway, token: 'wrong-token' };
    const run = await runInspector(stranger, '/mcp', '--protocol-era', 'legacy', '--method', 'tools/list');
    expect(run.code).not.toBe(0);
  });
});
