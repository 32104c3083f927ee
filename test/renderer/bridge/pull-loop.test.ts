import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { BridgeStatus } from '../../../renderer/bridge/bridge.ts';
import { PULL_WAIT_MS, startPullLoop } from '../../../renderer/bridge/pull-loop.ts';
import type { Cursor } from '../../../src/shared/domain/feed.ts';

interface Answer {
  readonly cursor: Cursor;
}

/** A host whose answers the test gives one by one, and a clock that does not wait. */
function startLoop(phase: 'ready' | 'lost' = 'ready') {
  const status = createStore<BridgeStatus>(() => (phase === 'ready' ? { phase } : { phase, since: 0, retryAt: 0 }));
  const asked: { cursor: Cursor | null; waitMs: number; signal: AbortSignal; settle: PromiseWithResolvers<Answer> }[] =
    [];
  const waiting: ((index: number) => void)[] = [];
  const taken: Cursor[] = [];
  const failed: string[] = [];
  const told = Promise.withResolvers<undefined>();
  const stop = startPullLoop<Answer>({
    status,
    ask: (cursor, waitMs, signal) => {
      const settle = Promise.withResolvers<Answer>();
      asked.push({ cursor, waitMs, signal, settle });
      waiting.shift()?.(asked.length - 1);
      return settle.promise;
    },
    take: (answer) => taken.push(answer.cursor),
    fail: (message) => {
      failed.push(message);
      told.resolve(undefined);
    },
    sleep: (_, signal) => (signal.aborted ? Promise.reject(new Error('Stopped.')) : Promise.resolve()),
  });
  /** Resolves with the question of this number (from 0). */
  const question = async (index: number) => {
    while (asked.length <= index) await new Promise<number>((resolve) => waiting.push(resolve));
    const found = asked[index];
    if (found === undefined) throw new Error('No such question.');
    return found;
  };
  return { status, asked, taken, failed, told, stop, question };
}

describe('the pull loop', () => {
  it('asks for everything at once, then for what came after, for as long as the host may wait', async () => {
    const loop = startLoop();
    const first = await loop.question(0);
    expect([first.cursor, first.waitMs]).toEqual([null, 0]);
    first.settle.resolve({ cursor: 7 });
    const second = await loop.question(1);
    expect([second.cursor, second.waitMs]).toEqual([7, PULL_WAIT_MS]);
    expect(loop.taken).toEqual([7]);
    loop.stop();
  });

  it('waits for a connection before it asks', async () => {
    const loop = startLoop('lost');
    expect(loop.asked).toHaveLength(0);
    loop.status.setState({ phase: 'ready' }, true);
    expect((await loop.question(0)).cursor).toBeNull();
    loop.stop();
  });

  it('starts from a fresh snapshot after the connection was lost', async () => {
    const loop = startLoop();
    (await loop.question(0)).settle.resolve({ cursor: 7 });
    const second = await loop.question(1);
    loop.status.setState({ phase: 'lost', since: 0, retryAt: 0 }, true);
    second.settle.reject(new Error('closed'));
    loop.status.setState({ phase: 'ready' }, true);
    const third = await loop.question(2);
    expect([third.cursor, third.waitMs]).toEqual([null, 0]);
    expect(loop.failed).toEqual([]);
    loop.stop();
  });

  it('ends when the host says no, and gives its sentence', async () => {
    const loop = startLoop();
    (await loop.question(0)).settle.reject(new ORPCError('BAD_REQUEST', { message: 'No such filter.' }));
    await loop.told.promise;
    expect(loop.failed).toEqual(['No such filter.']);
    expect(loop.asked).toHaveLength(1);
  });

  it('tries again when the host failed unexpectedly, without repeating what went wrong inside it', async () => {
    const loop = startLoop();
    (await loop.question(0)).settle.reject(new ORPCError('INTERNAL_SERVER_ERROR', { message: 'at foo.ts:12' }));
    expect((await loop.question(1)).cursor).toBeNull();
    expect(loop.failed).toEqual(['The gateway could not do this. Its log says why.']);
    loop.stop();
  });

  it('breaks its question off when stopped, draws nothing after, and stops twice as well as once', async () => {
    const loop = startLoop();
    const first = await loop.question(0);
    loop.stop();
    loop.stop();
    expect(first.signal.aborted).toBe(true);
    first.settle.resolve({ cursor: 7 });
    await first.settle.promise;
    expect(loop.taken).toEqual([]);
  });
});
