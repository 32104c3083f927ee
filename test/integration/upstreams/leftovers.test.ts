import { createHook } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { startSseWorkbench } from '../../fixtures/servers/sse-workbench.ts';
import { startHttpWorkbench } from '../../fixtures/servers/workbench-http.ts';
import type { ServerConfig } from '../../../src/shared/domain/server.ts';
import { eventually } from '../../support/eventually.ts';
import { misbehavingStdio, workbenchStdio } from '../../support/fixture-servers.ts';
import { descendantsOf, isAlive } from '../../support/processes.ts';
import { upstreamStage } from '../../support/upstream-stage.ts';

const KINDS = new Set(['Timeout', 'Immediate', 'TCPWRAP', 'PIPEWRAP', 'PROCESSWRAP', 'HTTPINCOMINGMESSAGE']);

/** Timers, sockets, pipes and processes that the gateway's code began while `work` ran and that are still there after it. */
async function leftBy(work: () => Promise<void>): Promise<() => readonly string[]> {
  const begun = new Map<number, string>();
  const watch = createHook({
    init(asyncId, type) {
      if (!KINDS.has(type)) return;
      const by = (new Error().stack ?? '').split('\n').find((line) => line.includes('/src/gateway/'));
      if (by !== undefined) begun.set(asyncId, `${type}${by}`);
    },
    destroy(asyncId) {
      begun.delete(asyncId);
    },
  });
  watch.enable();
  await work();
  return () => [...begun.values()];
}

const SETTINGS = { idleStopMillis: 60_000, healthCheckMillis: 60_000 };

/** Uses a server as much as it can be used, and stops it. */
async function useAndStop(config: ServerConfig): Promise<void> {
  const stage = upstreamStage(config, SETTINGS);
  await stage.server.connect();
  const clients = [stage.client(), stage.client()];
  await Promise.all(clients.map((client) => client.tool('echo_text', { text: 'x' })));
  const leaving = new AbortController();
  const calls = clients.map((client) => client.tool('never', {}, { signal: leaving.signal }));
  const settled = Promise.allSettled(calls);
  const [first] = clients;
  if (first !== undefined) await stage.server.release(first.id);
  await stage.server.stop();
  await stage.server.stop();
  leaving.abort();
  await settled;
  expect(stage.server.status()).toMatchObject({ state: 'stopped', pid: null });
}

/** Node reports the end of a handle a turn after it was closed. */
async function expectNothing(left: () => readonly string[]): Promise<void> {
  await eventually('nothing is left', () => left().length === 0).catch(() => undefined);
  expect(left()).toEqual([]);
}

describe('a server that was used and stopped', () => {
  it.each(['stdio', 'http', 'sse'] as const)('(%s) leaves no process, socket or timer, however often', async (type) => {
    const http = type === 'http' ? await startHttpWorkbench() : null;
    const sse = type === 'sse' ? await startSseWorkbench() : null;
    const { command, args } = workbenchStdio();
    const config: ServerConfig =
      type === 'stdio'
        ? { type, command, args, env: {}, cwd: null }
        : { type, url: (http ?? sse)?.url ?? '', headers: {} };
    const left = await leftBy(async () => {
      for (let round = 1; round <= 3; round += 1) await useAndStop(config);
    });
    expect(descendantsOf(process.pid).filter(isAlive)).toEqual([]);
    await expectNothing(left);
    await http?.close();
    await sse?.[Symbol.asyncDispose]();
  });

  it('leaves nothing when it never came to be', async () => {
    const configs: readonly ServerConfig[] = [
      { type: 'stdio', command: 'no-such-command-4711', args: [], env: {}, cwd: null },
      { type: 'stdio', ...misbehavingStdio('never-initializes'), env: {}, cwd: null },
      { type: 'stdio', ...misbehavingStdio('exits-at-once'), env: {}, cwd: null },
      { type: 'http', url: 'http://127.0.0.1:9/mcp', headers: {} },
      { type: 'sse', url: 'http://127.0.0.1:9/sse', headers: {} },
    ];
    const left = await leftBy(async () => {
      for (const config of configs) {
        const stage = upstreamStage(config, { ...SETTINGS, connectTimeoutMillis: 300 });
        await stage.server.connect();
        await stage.server.stop();
      }
    });
    expect(descendantsOf(process.pid).filter(isAlive)).toEqual([]);
    await expectNothing(left);
  });
});
