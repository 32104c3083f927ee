import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamFailure, type FailureCategory } from '../../../src/gateway/failure.ts';
import { createServerLife, type ServerLife } from '../../../src/gateway/upstream/server-life.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { misbehavingStdio, workbenchStdio, type StdioEntry } from '../../support/fixture-servers.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage, type UpstreamStage } from '../../support/upstream-stage.ts';

function stdio(entry: StdioEntry, traits: Partial<ServerConfig> = {}): ServerConfig {
  return {
    type: 'stdio',
    command: entry.command,
    args: entry.args,
    env: entry.env ?? {},
    cwd: null,
    ...traits,
  } as ServerConfig;
}

function pidOf({ server }: UpstreamStage): number {
  const { pid } = server.status();
  if (pid === null) throw new Error('The server has no process.');
  return pid;
}

describe('a server that ends unasked', () => {
  it('is started again, in a trace of its own, and says meanwhile what happened', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    await stage.server.connect();
    const first = pidOf(stage);
    const restarting = stage.reached('restarting');
    process.kill(first, 'SIGKILL');
    await restarting;
    const status = stage.server.status();
    expect(status).toMatchObject({
      state: 'restarting',
      failure: 'Server "stage" was ended by SIGKILL. It is being restarted.',
      pid: null,
    });
    expect(status.retryAt).toBeGreaterThan(Date.now());
    expect(status.catalog.tools.length).toBeGreaterThan(0);
    await stage.reached('connected');
    expect(stage.server.status()).toMatchObject({ failure: null, retryAt: null });
    expect(pidOf(stage)).not.toBe(first);
    expect(stage.upkeeps.map(({ reason, outcome }) => [reason, outcome?.kind])).toEqual([
      ['connect', 'result'],
      ['restart', 'result'],
    ]);
  });

  it('ends its calls with a sentence that names it and how it ended, and comes back for the same client', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    await stage.server.connect();
    const client = stage.client();
    const other = stage.client();
    await other.tool('echo_text', { text: 'there' });
    const calls = [client.tool('never'), client.tool('never')];
    const failures = Promise.allSettled(calls);
    await expect(client.tool('die', { code: 7 })).rejects.toMatchObject({
      category: 'connection_reset',
      message: 'Server "stage" exited with code 7.',
    });
    expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    // Only its own process ended: the gateway's own session and the other client's go on.
    expect(stage.server.status().state).toBe('connected');
    expect(await other.tool('echo_text', { text: 'unharmed' })).toBe('unharmed');
    expect(await client.tool('echo_text', { text: 'again' })).toBe('again');
    expect(client.calls.at(-1)).toMatchObject({ reused: false });
    expect(client.calls.at(-1)?.openings).toHaveLength(1);
  });

  it('does not keep a call waiting: on a shared session the call starts it at once', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()), { sessions: 'shared' });
    await stage.server.connect();
    const client = stage.client();
    await client.tool('echo_text', { text: 'x' });
    // The fourth pause is longer than this test may take.
    for (let crash = 1; crash <= 4; crash += 1) {
      const restarting = stage.reached('restarting');
      process.kill(pidOf(stage), 'SIGKILL');
      await restarting;
      expect(await client.tool('echo_text', { text: `crash ${crash}` })).toBe(`crash ${crash}`);
      expect(client.calls.at(-1)?.openings).toHaveLength(1);
      await stage.reached('connected');
    }
    expect(stage.upkeeps.filter(({ reason }) => reason === 'restart')).toHaveLength(4);
  });

  it('waits longer each time, until it has stayed up for a while', async () => {
    const pauses: number[] = [];
    let ahead = 0;
    const clock = { now: () => performance.timeOrigin + performance.now() + ahead, follow: () => undefined };
    await using stage = upstreamStage(stdio(workbenchStdio()), { clock });
    await stage.server.connect();
    for (const stayedUp of [0, 0, 60_000]) {
      ahead += stayedUp;
      const restarting = stage.reached('restarting');
      process.kill(pidOf(stage), 'SIGKILL');
      await restarting;
      pauses.push((stage.server.status().retryAt ?? 0) - clock.now());
      await stage.reached('connected');
    }
    const [first = 0, second = 0, third = 0] = pauses;
    expect(first).toBeLessThanOrEqual(625);
    expect(second).toBeGreaterThan(625);
    expect(third).toBeLessThanOrEqual(625);
  });
});

describe('a server that was never there', () => {
  it('is given up after a few attempts, with the reason', async () => {
    await using stage = upstreamStage(stdio(misbehavingStdio('exits-at-once')));
    const restarting = stage.reached('restarting');
    void stage.server.connect();
    await restarting;
    expect(stage.server.status().failure).toMatch(/exited with code 3.* It is tried again\.$/);
    await stage.reached('failed');
    expect(stage.server.status()).toMatchObject({ state: 'failed', retryAt: null });
    expect(stage.server.status().failure).toMatch(/exited with code 3\. Its last words: "workbench: cannot open/);
    expect(stage.upkeeps.map(({ reason }) => reason)).toEqual(['connect', 'restart', 'restart']);
  });

  it.each([
    ['its command cannot be found', { type: 'stdio', command: 'no-such-command-4711', args: [], env: {}, cwd: null }],
    ['it refuses', stdio(misbehavingStdio('refuses-initialize'))],
    ['it speaks another version', stdio(misbehavingStdio('unsupported-version'))],
  ] as const)('is given up at once where trying again cannot help: %s', async (_why, config) => {
    await using stage = upstreamStage(config);
    await stage.server.connect();
    expect(stage.server.status().state).toBe('failed');
    expect(stage.upkeeps).toHaveLength(1);
  });

  it('is there again when a call finds it mended', async () => {
    const folder = temporaryFolder();
    const script = join(folder, 'server.mjs');
    await using stage = upstreamStage(stdio({ command: process.execPath, args: [script] }), { sessions: 'shared' });
    void stage.server.connect();
    await stage.reached('failed');
    const [workbench = ''] = workbenchStdio().args;
    writeFileSync(script, `await import(${JSON.stringify(workbench)});`);
    expect(await stage.client().tool('echo_text', { text: 'mended' })).toBe('mended');
    await stage.reached('connected');
    expect(stage.server.status().failure).toBeNull();
  });
});

describe('a server that somebody stopped', () => {
  it('is stopped and not failed, refuses calls in a sentence, and starts again when told to', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    await stage.server.connect();
    const client = stage.client();
    await client.tool('echo_text', { text: 'here' });
    const processes = descendantsOf(process.pid);
    expect(processes).toHaveLength(2);
    const call = client.tool('never');
    const refused = expect(call).rejects.toMatchObject({ category: 'connection_reset' });
    await stage.server.stop();
    await refused;
    expect(stage.server.status()).toMatchObject({ state: 'stopped', failure: null, pid: null, retryAt: null });
    expect(processes.filter(isAlive)).toEqual([]);
    await expect(client.tool('echo_text', { text: 'x' })).rejects.toMatchObject({
      message: 'Server "stage" is stopped; start it to use it.',
    });
    await stage.server.connect();
    expect(stage.server.status().state).toBe('connected');
    expect(await client.tool('echo_text', { text: 'back' })).toBe('back');
  });

  it('stays stopped when that comes while it waits to be started again', async () => {
    await using stage = upstreamStage(stdio(workbenchStdio()));
    await stage.server.connect();
    const restarting = stage.reached('restarting');
    process.kill(pidOf(stage), 'SIGKILL');
    await restarting;
    await stage.server.stop();
    expect(stage.server.status()).toMatchObject({ state: 'stopped', failure: null, retryAt: null });
    const states: string[] = [];
    stage.server.onChange(() => states.push(stage.server.status().state));
    await expect(stage.client().tool('echo_text')).rejects.toThrow('is stopped');
    expect(states).toEqual([]);
  });

  it('leaves no process when it is told to while it starts, however often', async () => {
    await using stage = upstreamStage(stdio(misbehavingStdio('never-initializes')));
    for (let round = 1; round <= 3; round += 1) {
      void stage.server.connect();
      void stage
        .client()
        .tool('echo_text')
        .catch(() => undefined);
      await stage.server.stop();
      expect(stage.server.status().state).toBe('stopped');
    }
    expect(descendantsOf(process.pid).filter(isAlive)).toEqual([]);
  });

  it('takes a process with it that ignores both the end of its input and SIGTERM', async () => {
    await using stage = upstreamStage(stdio(misbehavingStdio('ignores-sigterm')));
    await stage.server.connect();
    const processes = descendantsOf(process.pid);
    expect(processes).toHaveLength(1);
    await stage.server.stop();
    expect(processes.filter(isAlive)).toEqual([]);
  });
});

describe('starting again', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A life whose attempts end as told, and how many there were. */
  function lifeOf(outcomes: (attempt: number) => FailureCategory | null, isStartedHere = true) {
    let attempts = 0;
    const life: ServerLife = createServerLife({
      serverId: 'stage' as ServerId,
      clock: { now: () => Date.now(), follow: () => undefined },
      sanitize: (text) => text,
      isStartedHere,
      attempt: () => {
        attempts += 1;
        const category = outcomes(attempts);
        return category === null ? Promise.resolve() : Promise.reject(new UpstreamFailure(category, 'It is away.'));
      },
      closeAll: () => Promise.resolve(),
      letGo: () => Promise.resolve(),
      onChange: () => undefined,
    });
    return { life, attempts: () => attempts };
  }

  it('has no end for a server that was there', async () => {
    const { life, attempts } = lifeOf((attempt) => (attempt === 1 ? null : 'connection_reset'));
    await life.connect();
    life.lost('It ended.');
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(life.state).toBe('restarting');
    expect(life.failure).toBe('It is away. It is being restarted.');
    // 0.5 + 1 + 2 + 4 + 8 + 16 s, and then about every 30 s.
    expect(attempts()).toBeGreaterThan(15);
    expect(attempts()).toBeLessThan(40);
    await life.stop();
    const stopped = attempts();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect([life.state, attempts()]).toEqual(['stopped', stopped]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends at once when the command is gone, but not when a server elsewhere answers "not found"', async () => {
    const here = lifeOf((attempt) => (attempt === 1 ? null : 'not_found'));
    const elsewhere = lifeOf((attempt) => (attempt === 1 ? null : 'not_found'), false);
    for (const { life } of [here, elsewhere]) {
      await life.connect();
      life.lost('It ended.');
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect([here.life.state, here.attempts()]).toEqual(['failed', 2]);
    expect(elsewhere.life.state).toBe('restarting');
    await elsewhere.life.stop();
  });

  it('follows when the server ends again while its lists are being read', async () => {
    const held: { life?: ServerLife } = {};
    const { life } = lifeOf((attempt) => {
      if (attempt === 1) held.life?.lost('It ended at once.');
      return null;
    });
    held.life = life;
    await life.connect();
    expect(life.state).toBe('restarting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(life.state).toBe('connected');
  });

  it('lets nobody but who holds it back start a held server', async () => {
    const { life, attempts } = lifeOf(() => null);
    life.hold('It was changed elsewhere.');
    life.called(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([life.state, life.refusal, attempts()]).toEqual(['failed', 'It was changed elsewhere.', 0]);
    await life.connect();
    expect([life.state, life.refusal, attempts()]).toEqual(['connected', null, 1]);
  });
});
