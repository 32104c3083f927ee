import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startScriptedHttp } from '../../fixtures/servers/scripted-http.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { eventually } from '../../support/eventually.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage, type UpstreamStage } from '../../support/upstream-stage.ts';
import { wireMessagesOf } from '../../support/wire-record.ts';

const GRANTING = new URL('../../fixtures/servers/granting-stdio.ts', import.meta.url).pathname;

function workbench(): ServerConfig {
  const { command, args } = workbenchStdio();
  return { type: 'stdio', command, args, env: {}, cwd: null };
}

describe('a server that nobody uses', () => {
  it('is stopped, keeps what it offers, is not started again by itself, and comes back with the next call', async () => {
    await using stage = upstreamStage(workbench(), { idleStopMillis: 300 });
    await stage.server.connect();
    const { introduction, catalog } = stage.server.status();
    const client = stage.client();
    await client.tool('echo_text', { text: 'x' });
    const processes = descendantsOf(process.pid);
    expect(processes).toHaveLength(2);
    await stage.reached('idle');
    expect(stage.server.status()).toMatchObject({ failure: null, retryAt: null, pid: null, introduction, catalog });
    await eventually('both processes have ended', () => !processes.some(isAlive));
    expect(descendantsOf(process.pid).filter(isAlive)).toEqual([]);
    expect(stage.server.status().state).toBe('idle');
    expect(await client.tool('echo_text', { text: 'awake' })).toBe('awake');
    await stage.reached('connected');
    expect(stage.upkeeps.map(({ reason }) => reason)).toEqual(['connect', 'connect']);
    await stage.reached('idle');
  });

  it('on a shared session is opened again by the call itself, whose trace shows it', async () => {
    await using stage = upstreamStage(workbench(), { idleStopMillis: 200, sessions: 'shared' });
    await stage.server.connect();
    await stage.reached('idle');
    const client = stage.client();
    expect(await client.tool('echo_text', { text: 'awake' })).toBe('awake');
    expect(client.calls[0]?.openings).toHaveLength(1);
    await stage.reached('connected');
  });

  it('is announced again only when it came back with other lists', async () => {
    await using stage = upstreamStage(workbench(), { idleStopMillis: 200 });
    let announced = 0;
    stage.server.onConnected(() => {
      announced += 1;
    });
    await stage.server.connect();
    await stage.reached('idle');
    await stage.client().tool('echo_text', { text: 'awake' });
    await stage.reached('connected');
    expect(announced).toBe(1);
  });

  it('is left alone while a call is with it, and counts from its end', async () => {
    const path = join(temporaryFolder(), 'go');
    await using stage = upstreamStage(workbench(), { idleStopMillis: 200 });
    await stage.server.connect();
    const states = statesOf(stage);
    const call = stage.client().tool('wait_for_file', { path });
    await othersAreIdle(200);
    expect(states).toEqual([]);
    writeFileSync(path, '');
    expect(await call).toBe('it is there');
    await stage.reached('idle');
  });

  it('is left alone while a client is subscribed to something of it', async () => {
    const recordFile = join(temporaryFolder(), 'wire.jsonl');
    const args = [GRANTING, recordFile];
    await using stage = upstreamStage(
      { type: 'stdio', command: process.execPath, args, env: {}, cwd: null },
      { idleStopMillis: 200 },
    );
    await stage.server.connect();
    const client = stage.client();
    await client.ask('resources/subscribe', { params: { uri: 'test://a' } });
    const states = statesOf(stage);
    await othersAreIdle(200);
    expect(states).toEqual([]);
    await client.ask('resources/unsubscribe', { params: { uri: 'test://a' } });
    await stage.reached('idle');
    expect(wireMessagesOf(recordFile, 'resources/subscribe')).toHaveLength(1);
  });

  it('over HTTP loses its sessions the same way', async () => {
    await using http = await startScriptedHttp(() => false);
    await using stage = upstreamStage({ type: 'http', url: http.url, headers: {} }, { idleStopMillis: 200 });
    await stage.server.connect();
    const client = stage.client();
    await client.tool('echo');
    await stage.reached('idle');
    await eventually(
      'both sessions were ended',
      () => http.requests.filter(({ method }) => method === 'DELETE').length === 2,
    );
    expect(await client.tool('echo')).toBe('proper');
    await stage.reached('connected');
  });

  it('is kept where its own configuration says so, and sleeps where only that does', async () => {
    await using kept = upstreamStage({ ...workbench(), idleStopMs: 0 }, { idleStopMillis: 100 });
    await using sleepy = upstreamStage({ ...workbench(), idleStopMs: 100 });
    expect(kept.server.settings.idleStopMillis).toBe(0);
    await Promise.all([kept.server.connect(), sleepy.server.connect()]);
    await sleepy.reached('idle');
    expect(kept.server.status().state).toBe('connected');
  });
});

function statesOf({ server }: UpstreamStage): readonly string[] {
  const states: string[] = [];
  server.onChange(() => states.push(server.status().state));
  return states;
}

/** A server that is connected to only now has been found idle, so whatever is older would have been, too. */
async function othersAreIdle(idleStopMillis: number): Promise<void> {
  await using other = upstreamStage(workbench(), { idleStopMillis });
  await other.server.connect();
  await other.reached('idle');
}
