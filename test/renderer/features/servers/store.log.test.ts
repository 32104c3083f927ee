import { describe, expect, it } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { createServerLogStore } from '../../../../renderer/features/servers/store.log.ts';
import type { LogState } from '../../../../renderer/features/servers/store.log.ts';
import type { ServerId } from '../../../../src/shared/domain/ids.ts';
import { createMemoryBridge } from '../../../support/memory-bridge.ts';

const BENCH = 'bench' as ServerId;
const OTHER = 'other' as ServerId;

const line = (text: string) => ({ at: 1, from: 'stderr' as const, text });

function until(store: StoreApi<LogState>, holds: (state: LogState) => boolean): Promise<LogState> {
  if (holds(store.getState())) return Promise.resolve(store.getState());
  return new Promise((resolve) => {
    const stop = store.subscribe((state) => {
      if (!holds(state)) return;
      stop();
      resolve(state);
    });
  });
}

describe('the log of a server', () => {
  it('holds what is kept, then what comes, and nothing once it is closed', async () => {
    const bridge = createMemoryBridge();
    bridge.print(BENCH, [line('one'), line('two')]);
    const log = createServerLogStore(bridge);
    expect(log.store.getState()).toMatchObject({ serverId: null, loaded: false });
    log.open(BENCH);
    await until(log.store, (state) => state.lines.length === 2);
    bridge.print(BENCH, [line('three')]);
    const state = await until(log.store, ({ lines }) => lines.length === 3);
    expect(state.lines.map(({ number, text }) => [number, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    log.close();
    bridge.print(BENCH, [line('four')]);
    expect(log.store.getState()).toMatchObject({ serverId: null, lines: [] });
  });

  it('asks the host for nothing while none is open', async () => {
    const bridge = createMemoryBridge();
    const asked: string[] = [];
    const watched = {
      ...bridge,
      api: {
        ...bridge.api,
        servers: {
          ...bridge.api.servers,
          log: (...input: Parameters<typeof bridge.api.servers.log>) => {
            asked.push(input[0].id);
            return bridge.api.servers.log(...input);
          },
        },
      },
    };
    const log = createServerLogStore(watched);
    expect(asked).toEqual([]);
    log.open(BENCH);
    await until(log.store, (state) => state.loaded);
    log.open(OTHER);
    await until(log.store, (state) => state.loaded && state.serverId === OTHER);
    expect(new Set(asked)).toEqual(new Set([BENCH, OTHER]));
    log.close();
  });

  it('begins anew at a line of an open log, without asking for the log again', async () => {
    const bridge = createMemoryBridge();
    bridge.print(BENCH, [line('one')]);
    const log = createServerLogStore(bridge);
    log.open(BENCH);
    const before = await until(log.store, (state) => state.loaded);
    log.open(BENCH, { at: 1, text: 'one' });
    const after = log.store.getState();
    expect(after.lines).toBe(before.lines);
    expect(after.target).toEqual({ at: 1, text: 'one' });
    expect(after.opening).toBeGreaterThan(before.opening);
    log.close();
  });

  it('forgets what it had when the connection comes back: a host that was restarted counts anew', async () => {
    const bridge = createMemoryBridge();
    bridge.print(BENCH, [line('one')]);
    const log = createServerLogStore(bridge);
    log.open(BENCH);
    await until(log.store, (state) => state.lines.length === 1);
    let restarted = false;
    const { log: ask } = bridge.api.servers;
    Object.assign(bridge.api.servers, {
      log: (...input: Parameters<typeof ask>) => {
        if (restarted) return ask(...input);
        restarted = true;
        bridge.setStatus({ phase: 'lost', since: 0, retryAt: 0 });
        bridge.setStatus({ phase: 'ready' });
        return Promise.reject(new Error('gone'));
      },
    });
    bridge.print(BENCH, [line('two')]);
    const state = await until(log.store, ({ lines }) => lines.length === 2 && restarted);
    expect(state.lines.map(({ number }) => number)).toEqual([1, 2]);
    log.close();
  });
});
