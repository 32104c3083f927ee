import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { everythingStdio, workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { outline } from '../support/otlp.ts';

const INSPECTOR = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url),
);

interface InspectorRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The MCP Inspector as a stranger would run it, with a home of its own. */
function inspect(gateway: GatewayProcess, path: string, ...args: string[]): Promise<InspectorRun> {
  const home = temporaryFolder();
  const child = spawn(
    process.execPath,
    [
      INSPECTOR,
      '--cli',
      '--server-url',
      new URL(path, gateway.origin).href,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${gateway.token}`,
      '--format',
      'json',
      ...args,
    ],
    { cwd: home, env: { PATH: process.env['PATH'] ?? '', HOME: home } },
  );
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

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
    const run = await inspect(gateway, '/mcp', '--protocol-era', era, '--method', 'tools/list');
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain('everything');
    expect(run.stdout).toContain('echo_text');
  });

  it('calls a tool of one server and leaves a whole trace', async () => {
    const call = ['--method', 'tools/call', '--tool-name', 'get-sum', '--tool-arg', 'a=2', 'b=40'];
    const run = await inspect(gateway, '/servers/everything/mcp', '--protocol-era', 'legacy', ...call);
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
    const run = await inspect(stranger, '/mcp', '--protocol-era', 'legacy', '--method', 'tools/list');
    expect(run.code).not.toBe(0);
  });
});
