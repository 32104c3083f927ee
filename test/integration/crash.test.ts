import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli-process.ts';
import { eventually } from '../support/eventually.ts';
import { workbenchStdio } from '../support/fixture-servers.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { descendantsOf, isAlive } from '../support/processes.ts';
import { openRawSession } from '../support/raw-session.ts';
import { newCallerContext } from '../support/trace-context.ts';

const MOST_CALLS = 5_000;

/** Ends the process as a crash does: nothing of it runs any more. */
async function kill(gateway: GatewayProcess): Promise<void> {
  const servers = descendantsOf(gateway.ready.pid);
  process.kill(gateway.ready.pid, 'SIGKILL');
  expect(await gateway.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  await eventually('the servers of the killed gateway have ended', () => !servers.some(isAlive));
}

describe('a gateway that is killed', () => {
  /**
   * Not timed: on a busy machine any process may stand still for longer than that. What waits on the way to the file, and
   * for how long, is proven on a clock of its own (test/runtime/recording.test.ts); here, that everything takes that way
   * by itself, in order, and survives.
   */
  it('R86: has on disk, whole, every call that was answered before something that is there began', async () => {
    const dataDir = join(temporaryFolder(), 'history');
    const config = { mcpServers: { local: workbenchStdio() } };
    const args = ['--data-dir', dataDir];
    const first = await startGateway({ config, args });
    const session = await openRawSession(first, '/servers/local/mcp');
    const running = newCallerContext();
    session.callTool('never', {}, { traceparent: running.traceparent }).catch(() => undefined);
    const journal = join(dataDir, 'traces.db-wal');
    const isOnDisk = (traceId: string): boolean => existsSync(journal) && readFileSync(journal).includes(traceId);

    const answered: string[] = [];
    const callUntil = async (isEnough: () => boolean): Promise<void> => {
      while (!isEnough()) {
        expect(answered.length).toBeLessThan(MOST_CALLS);
        const { traceId, traceparent } = newCallerContext();
        await session.callTool('echo_text', { text: `call ${answered.length}` }, { traceparent });
        answered.push(traceId);
      }
    };
    // Nobody asks for a trace and nothing ends, so nothing but time brings anything to disk.
    await callUntil(() => isOnDisk(running.traceId) && answered.slice(4).some(isOnDisk));
    const stored = answered.findLastIndex(isOnDisk);
    // What is being written can be seen before all of it is there; what begins later is written after it.
    const known = answered.length;
    await callUntil(() => answered.slice(known).some(isOnDisk));
    await kill(first);

    await using second = await startGateway({ config, args });
    const traces = new Map((await second.traces()).map((trace) => [trace.traceId, trace]));
    for (const traceId of answered.slice(0, stored)) {
      expect(traces.get(traceId)).toMatchObject({ openSpanCount: 0, status: 'ok' });
      const names = (await second.finishedSpans(traceId)).map(({ name }) => name).sort();
      expect(names).toEqual(
        [
          'POST /servers/{id}/mcp',
          'mcp.client.call',
          'mcp.client.request',
          'mcp.client.response',
          'tool.invoke',
        ].sort(),
      );
    }
    expect(traces.get(running.traceId)).toMatchObject({ openSpanCount: 0, status: 'error' });
    expect(await second.tree(running.traceId)).toMatchObject({
      errorMessage: 'Throughline stopped before this call ended.',
    });
  });
});
