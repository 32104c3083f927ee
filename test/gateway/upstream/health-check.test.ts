import { afterEach, describe, expect, it, vi } from 'vitest';
import { UpstreamFailure } from '../../../src/gateway/failure.ts';
import { createHealthCheck } from '../../../src/gateway/upstream/health-check.ts';
import { startScriptedHttp, type Script } from '../../fixtures/servers/scripted-http.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage, type RecordedUpkeep, type UpstreamStage } from '../../support/upstream-stage.ts';

function workbench(): ServerConfig {
  const { command, args } = workbenchStdio();
  return { type: 'stdio', command, args, env: {}, cwd: null };
}

function checks({ upkeeps }: UpstreamStage): readonly RecordedUpkeep[] {
  return upkeeps.filter(({ reason, outcome }) => reason === 'health' && outcome !== null);
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a server that says nothing for long', () => {
  it('R55: is asked whether it is there, in a trace of its own that says so', async () => {
    await using stage = upstreamStage(workbench(), { healthCheckMillis: 50 });
    await stage.server.connect();
    await eventually('it was asked three times', () => checks(stage).length >= 3);
    for (const { outcome, calls } of checks(stage)) {
      expect(outcome?.kind).toBe('result');
      expect(calls.map(({ start }) => start.method)).toEqual(['ping']);
    }
    expect(stage.server.status().state).toBe('connected');
  });

  it('is alive when it does not know the question', async () => {
    const script: Script = ({ message }, response) => {
      if (message['method'] !== 'ping') return false;
      const error = { code: -32601, message: 'Method not found' };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message['id'], error }));
      return true;
    };
    await using http = await startScriptedHttp(script);
    await using stage = upstreamStage({ type: 'http', url: http.url, headers: {} }, { healthCheckMillis: 30 });
    await stage.server.connect();
    await eventually('it was asked five times', () => checks(stage).length >= 5);
    expect(stage.server.status().state).toBe('connected');
  });

  it('is not asked when it was heard of anyway', async () => {
    await using stage = upstreamStage(workbench(), { healthCheckMillis: 400, sessions: 'shared' });
    await using silent = upstreamStage(workbench(), { healthCheckMillis: 400 });
    await Promise.all([stage.server.connect(), silent.server.connect()]);
    const client = stage.client();
    while (checks(silent).length < 2) await client.tool('echo_text', { text: 'x' });
    expect(checks(stage)).toEqual([]);
  });

  it('and does not answer twice is gone: it is closed, and started again', async () => {
    await using stage = upstreamStage(workbench(), { healthCheckMillis: 100, sessions: 'shared' });
    await stage.server.connect();
    const client = stage.client();
    await client.tool('echo_text', { text: 'x' });
    const call = client.tool('never');
    const failed = expect(call).rejects.toMatchObject({
      category: 'timeout',
      message: expect.stringContaining('stopped answering') as string,
    });
    const [frozen] = descendantsOf(process.pid);
    if (frozen === undefined) throw new Error('The server has no process.');
    process.kill(frozen.pid, 'SIGSTOP');
    await stage.reached('restarting');
    expect(stage.server.status().failure).toBe(
      'Server "stage" stopped answering: two health checks in a row heard nothing from it. It is being restarted.',
    );
    await failed;
    await stage.reached('connected');
    expect(await client.tool('echo_text', { text: 'back' })).toBe('back');
    await eventually('the frozen process is gone', () => !isAlive(frozen));
    const missed = checks(stage).filter(({ outcome }) => outcome?.kind === 'failed');
    expect(missed).toHaveLength(2);
  });

  it('is not gone while anything else is heard from it: progress, or a message', async () => {
    vi.useFakeTimers();
    let heardAt = 0;
    let asked = 0;
    const askedWhenGone: number[] = [];
    const health = createHealthCheck({
      clock: { now: () => performance.now(), follow: () => undefined },
      intervalMillis: 1_000,
      lastHeardAt: () => heardAt,
      ask: async (patienceMillis) => {
        asked += 1;
        const isHeard = asked <= 5;
        await vi.advanceTimersByTimeAsync(1);
        if (isHeard) heardAt = performance.now();
        await vi.advanceTimersByTimeAsync(patienceMillis);
        throw new UpstreamFailure('timeout', 'It did not answer.');
      },
      onGone: () => {
        askedWhenGone.push(asked);
      },
    });
    health.begin();
    for (let second = 1; second <= 30; second += 1) await vi.advanceTimersByTimeAsync(1_000);
    health.end();
    // Five questions without an answer, but not in silence; then two in silence.
    expect(askedWhenGone).toEqual([7]);
  });
});
