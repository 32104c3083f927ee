import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli-process.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { expectJsonAsProtobuf, expectLinesAsProtobuf } from '../support/otlp-decoders.ts';
import { outline, readOtlp } from '../support/otlp.ts';
import { openRawSession, type RawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

const TREE = [
  'POST /servers/{id}/mcp',
  '  tool.invoke',
  '    mcp.client.call',
  '      mcp.client.request',
  '      mcp.client.response',
];

describe('traces that leave', () => {
  let gateway: GatewayProcess;
  let session: RawSession;
  const traceIds: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
    session = await openRawSession(gateway, '/servers/local/mcp');
    for (let call = 0; call < 2; call += 1) {
      const { traceId, traceparent } = newCallerContext();
      await session.callTool('echo_text', { text: 'payload-4720', password: 'export-secret-4721' }, { traceparent });
      await gateway.finishedSpans(traceId);
      traceIds.push(traceId);
    }
  });

  afterAll(async () => {
    await gateway.stop();
  });

  const exportTrace = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    runCli(['export', ...args], { home: gateway.home });

  it('go to stdout as OTLP/JSON when nothing else is asked for, found without address and token', async () => {
    const { code, stdout, stderr } = await exportTrace('--trace', traceIds[0] ?? '');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(outline(readOtlp(JSON.parse(stdout)))).toEqual(TREE);
  });

  it('are the same through the command and through REST', async () => {
    const { stdout } = await exportTrace('--trace', traceIds[0] ?? '');
    const response = await gateway.rest(`/api/traces/${traceIds[0] ?? ''}`);
    expect(readOtlp(JSON.parse(stdout))).toEqual(readOtlp(await response.json()));
  });

  it('go as JSON lines, one document a line, every trace once', async () => {
    const { code, stdout } = await exportTrace('--format', 'otlp-jsonl');
    expect(code).toBe(0);
    expect(stdout.endsWith('\n')).toBe(true);
    const spans = stdout
      .trimEnd()
      .split('\n')
      .flatMap((line) => readOtlp(JSON.parse(line)));
    for (const traceId of traceIds) {
      expect(outline(spans.filter((span) => span.traceId === traceId))).toEqual(TREE);
    }
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('go as protobuf that two other decoders read as the JSON says it, into a file for this user only', async () => {
    const file = join(gateway.home, 'trace.pb');
    const { code, stdout } = await exportTrace('--trace', traceIds[1] ?? '', '--format', 'otlp-proto', '--out', file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const json = await exportTrace('--trace', traceIds[1] ?? '');
    expectJsonAsProtobuf(Buffer.from(json.stdout), readFileSync(file));
    const lines = await exportTrace('--trace', traceIds[1] ?? '', '--format', 'otlp-jsonl');
    expectLinesAsProtobuf(Buffer.from(lines.stdout), readFileSync(file));
  });

  it('R22: leave bodies at home unless asked, and never take a secret along', async () => {
    const traceId = traceIds[0] ?? '';
    const plain = await (await gateway.rest(`/api/traces/${traceId}`)).text();
    const full = await (await gateway.rest(`/api/traces/${traceId}?payloads=1`)).text();
    const tree = JSON.stringify(await gateway.tree(traceId));
    expect(plain).not.toContain('payload-4720');
    expect(full).toContain('payload-4720');
    expect(tree).toContain('payload-4720');
    for (const text of [plain, full, tree]) expect(text).not.toContain('export-secret-4721');
  });

  it('R53: leave out what still runs, and keep what has ended', async () => {
    const { traceId, traceparent } = newCallerContext();
    const leaving = new AbortController();
    const running = await openRawSession(gateway, '/servers/local/mcp');
    running.callTool('never', {}, { traceparent }, { signal: leaving.signal }).catch(() => undefined);
    await gateway.waitForTrace('the call runs', (trace) => trace.traceId === traceId && trace.openSpanCount === 4);
    const response = await gateway.rest(`/api/traces/${traceId}`);
    expect(readOtlp(await response.json())).toEqual([]);
    leaving.abort();
    expect(await gateway.finishedSpans(traceId)).toHaveLength(4);
  });

  it('say in one sentence that a trace is not there', async () => {
    const { code, stdout, stderr } = await exportTrace('--trace', 'ab'.repeat(16));
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^[^\n]+no such trace[^\n]+\n$/);
  });

  it('say in one sentence that there is no gateway', async () => {
    const { code, stderr } = await runCli(['export']);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/^[^\n]*No running gateway was found[^\n]+\n$/);
  });

  it('end quietly when the reader of the pipe has gone', async () => {
    const cli = startCli(['export'], { home: gateway.home });
    cli.child.stdout.destroy();
    await cli.exited;
    expect(cli.stderr()).not.toMatch(/\n\s+at |EPIPE/);
  });
});

describe('traces that are thrown away', () => {
  it('are gone after DELETE, and new ones come', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
    // The gateway's own connection to the server is a trace too, and what is under way when traces go comes after.
    await gateway.waitForTrace('connected', (trace) => trace.upkeep === 'connect' && trace.openSpanCount === 0);
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const old = newCallerContext();
    await session.callTool('echo_text', { text: 'x' }, { traceparent: old.traceparent });
    await gateway.finishedSpans(old.traceId);
    expect((await gateway.rest('/api/traces', { method: 'DELETE' })).status).toBe(204);
    expect(await gateway.traces()).toEqual([]);
    expect((await gateway.rest(`/api/traces/${old.traceId}`)).status).toBe(404);
    const next = newCallerContext();
    await session.callTool('echo_text', { text: 'x' }, { traceparent: next.traceparent });
    expect(await gateway.finishedSpans(next.traceId)).toHaveLength(5);
  });

  it('while a call runs, show the whole call once it ends or nothing of it, never a half', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const { traceId, traceparent } = newCallerContext();
    const leaving = new AbortController();
    session.callTool('never', {}, { traceparent }, { signal: leaving.signal }).catch(() => undefined);
    await gateway.waitForTrace('the call runs', (trace) => trace.traceId === traceId && trace.openSpanCount === 4);
    await gateway.rest('/api/traces', { method: 'DELETE' });
    leaving.abort();
    const later = newCallerContext();
    const other = await openRawSession(gateway, '/servers/local/mcp');
    await other.callTool('echo_text', { text: 'x' }, { traceparent: later.traceparent });
    await gateway.finishedSpans(later.traceId);
    const line = (await gateway.traces()).find((trace) => trace.traceId === traceId);
    if (line !== undefined) expect(line).toMatchObject({ spanCount: 4, openSpanCount: 0, status: 'cancelled' });
  });
});

describe('the trace list', () => {
  it('is newest first, bounded by limit, and filtered by a query', async () => {
    await using gateway = await startGateway({ config: { mcpServers: { local: workbenchStdio() } } });
    const session = await openRawSession(gateway, '/servers/local/mcp');
    const failing = newCallerContext();
    await session.callTool('fail', { message: 'no' }, { traceparent: failing.traceparent });
    const newest = newCallerContext();
    await session.callTool('echo_text', { text: 'x' }, { traceparent: newest.traceparent });
    await gateway.finishedSpans(failing.traceId);
    await gateway.finishedSpans(newest.traceId);
    const list = async (query: string): Promise<readonly string[]> => {
      const response = await gateway.rest(`/api/traces?${query}`);
      expect(response.status).toBe(200);
      return ((await response.json()) as { traceId: string }[]).map(({ traceId }) => traceId);
    };
    expect(await list('limit=1')).toEqual([newest.traceId]);
    expect(await list('q=status:error')).toEqual([failing.traceId]);
    expect(await list('q=tool:echo_text')).toEqual([newest.traceId]);
    const broken = await gateway.rest(`/api/traces?q=${encodeURIComponent('dur:>fast')}`);
    expect(broken.status).toBe(400);
    expect(await broken.text()).toContain('dur');
  });
});
