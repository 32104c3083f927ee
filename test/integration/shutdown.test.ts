import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { misbehavingStdio, everythingStdio, workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway } from '../support/gateway-process.ts';
import { spanNamed } from '../support/otlp.ts';
import { descendantsOf } from '../support/processes.ts';
import { openRawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

describe('a gateway that is told to stop', () => {
  it('exits with code 0, prints nothing but the ready line, and takes every process with it', async () => {
    const mcpServers = { one: workbenchStdio(), two: everythingStdio(), stubborn: misbehavingStdio('ignores-sigterm') };
    const gateway = await startGateway({ config: { mcpServers } });
    for (const server of Object.keys(mcpServers)) await openRawSession(gateway, `/servers/${server}/mcp`);
    expect(descendantsOf(gateway.ready.pid).length).toBeGreaterThanOrEqual(6);
    // Fails when a process is left.
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(gateway.stdout().trimEnd().split('\n')).toHaveLength(1);
  });

  it('R52 R86: ends the spans of calls that still run, and keeps them', async () => {
    const dataDir = join(temporaryFolder(), 'history');
    const config = { mcpServers: { local: workbenchStdio() } };
    const { traceId, traceparent } = newCallerContext();

    const first = await startGateway({ config, args: ['--data-dir', dataDir] });
    const session = await openRawSession(first, '/servers/local/mcp');
    session.callTool('never', {}, { traceparent }).catch(() => undefined);
    await first.waitForTrace('the call runs', (trace) => trace.traceId === traceId && trace.openSpanCount === 4);
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    await using second = await startGateway({ config, args: ['--data-dir', dataDir] });
    const line = (await second.traces()).find((trace) => trace.traceId === traceId);
    expect(line).toMatchObject({ openSpanCount: 0, spanCount: 4, status: 'cancelled' });
    const root = spanNamed(await second.finishedSpans(traceId), 'POST /servers/{id}/mcp');
    expect(root).toMatchObject({ status: 'UNSET' });
    expect(root.attributes['error.type']).toBe('cancelled');
  });

  it('R86: keeps a finished call on disk when asked to, and nowhere when not', async () => {
    const dataDir = join(temporaryFolder(), 'history');
    const config = { mcpServers: { local: workbenchStdio() } };
    for (const args of [['--data-dir', dataDir], []]) {
      const { traceId, traceparent } = newCallerContext();
      const first = await startGateway({ config, args });
      const session = await openRawSession(first, '/servers/local/mcp');
      await session.callTool('echo_text', { text: 'x' }, { traceparent });
      // At once: what was recorded last must be there as well.
      await first.stop();
      await using second = await startGateway({ config, args });
      const kept = (await second.traces()).map((trace) => trace.traceId);
      expect(kept.includes(traceId)).toBe(args.length > 0);
    }
  });

  it('ends at once when it is told while its servers still start', async () => {
    const config = { mcpServers: { silent: misbehavingStdio('never-initializes'), slow: everythingStdio() } };
    const gateway = await startGateway({ config });
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
  });
});
