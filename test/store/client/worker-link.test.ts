import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import { makePayload, makeSpan, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const CRASHING = new URL('../../fixtures/store/crashing-worker.ts', import.meta.url);
const STILLBORN = new URL('../../fixtures/store/stillborn-worker.ts', import.meta.url);
const FORGETFUL = new URL('../../fixtures/store/forgetful-worker.ts', import.meta.url);
const SENTENCE = 'The trace store stopped unexpectedly, so calls are no longer recorded: restart Throughline.';

describe('a store worker that crashes', () => {
  it('fails every call that waits, and every later one, with one sentence', async () => {
    const store = await openStore({ workerUrl: CRASHING });
    const waiting = [
      store.list('', 1),
      store.flush(),
      store.feed({ cursor: 0, query: '', limit: 1, waitMs: 25_000 }),
    ].map((call) => call.catch((error: unknown) => error));
    for (const failure of await Promise.all(waiting)) {
      expect(failure).toBeInstanceOf(UserError);
      expect((failure as UserError).message).toBe(SENTENCE);
    }
    await expect(store.stats()).rejects.toThrow(SENTENCE);
  });

  it('keeps the reason for whoever debugs it', async () => {
    const store = await openStore({ workerUrl: CRASHING });
    const failure = await store.list('', 1).catch((error: unknown) => error);
    expect((failure as UserError).cause).toMatchObject({ message: 'out of luck' });
  });

  it('harms nobody who only puts, and can be closed', async () => {
    const store = await openStore({ workerUrl: CRASHING });
    await store.list('', 1).catch(() => 'crashed');
    store.put({ spans: [makeSpan()], payloads: [makePayload()] });
    await store.close();
    await store.close();
  });

  it('fails to start when the worker does', async () => {
    await expect(openStore({ workerUrl: STILLBORN })).rejects.toThrow(SENTENCE);
  });
});

describe('a store worker that lets a trace go by itself', () => {
  it('R89: wakes who watches the trace, and counts it', async () => {
    const store = await openStore({ workerUrl: FORGETFUL });
    const traceId = traceIdOf(1);
    const watched = store.watch({ traceId, cursor: 1, waitMs: 25_000 });
    await store.flush();
    expect(await watched).toMatchObject({ cursor: 2, reset: true, summary: null });
    expect((await store.feed({ cursor: null, query: '', limit: 1, waitMs: 0 })).stats.evictedTraces).toBe(1);
  });
});
