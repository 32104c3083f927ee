import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli, temporaryFolder, type CliProcess } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import type { TraceLine } from '../support/gateway-process.ts';
import { descendantsOf, isAlive } from '../support/processes.ts';
import { openSpanNames, treeSpans } from '../support/trace-tree.ts';

const SECRETS = ['autumn-leaves-42', 'demo-key-7c1f0a9e44b2', 'demo-session-5f0c91d27a'];

describe('throughline demo', () => {
  let cli: CliProcess;
  let origin = '';
  let token = '';

  async function get(path: string): Promise<Response> {
    return fetch(new URL(path, origin), { headers: { authorization: `Bearer ${token}` } });
  }

  const calls = async (): Promise<readonly TraceLine[]> =>
    ((await (await get('/api/traces?limit=100')).json()) as TraceLine[])
      .filter((trace) => trace['method'] === 'tools/call')
      .reverse();

  beforeAll(async () => {
    cli = startCli(['demo', '--json'], { home: temporaryFolder() });
    const line = await eventually('the demo runs', () => cli.stdout().includes('\n') && cli.stdout());
    const ready = JSON.parse(line) as { mcp: string; token: string };
    ({ origin } = new URL(ready.mcp));
    ({ token } = ready);
    await eventually('all five calls were made', async () => (await calls()).length === 5);
  });

  afterAll(async () => {
    const children = descendantsOf(cli.child.pid ?? 0);
    cli.child.kill('SIGTERM');
    expect(await cli.exited).toEqual({ code: 0, signal: null });
    await eventually('the demo server has ended', () => !children.some(isAlive));
  });

  it('plays five calls through the real pipeline: fast, slow, failing, with a secret, and one without an answer', async () => {
    const lines = await calls();
    expect(lines.map((trace) => [trace['target'], trace.status])).toEqual([
      ['search_notes', 'ok'],
      ['summarise_report', 'ok'],
      ['send_email', 'error'],
      ['login', 'ok'],
      ['wait_for_approval', 'pending'],
    ]);
    expect(lines.map((trace) => trace['client'])).toEqual(Array(5).fill('Throughline demo'));
  });

  it('leaves the last call visibly open', async () => {
    const last = (await calls()).at(-1);
    const tree: unknown = await (await get(`/api/traces/${last?.traceId ?? ''}/tree`)).json();
    expect(openSpanNames(tree)).toContain('mcp.client.request');
  });

  it('shows what was hidden in the call with the secret, and where', async () => {
    const withSecret = (await calls())[3];
    expect(withSecret?.['redactionCount']).toBeGreaterThanOrEqual(4);
    const spans = treeSpans(await (await get(`/api/traces/${withSecret?.traceId ?? ''}/tree`)).json());
    const payloads = spans.flatMap((span) => span.payloads.map(({ text }) => text));
    expect(payloads.length).toBeGreaterThan(0);
    expect(payloads.join('\n')).toContain('mira');
    expect(payloads.join('\n')).toContain('lang=en');
  });

  it('R1 R9 R11: shows its secrets nowhere: not in traces, exports with bodies, or the log', async () => {
    const pages = ['/api/traces', '/api/export?payloads=1', '/api/export?format=otlp-proto&payloads=1'];
    for (const { traceId } of await calls()) pages.push(`/api/traces/${traceId}/tree`);
    for (const page of pages) {
      const text = await (await get(page)).text();
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }
    for (const secret of SECRETS) expect(cli.stdout() + cli.stderr()).not.toContain(secret);
  });
});
