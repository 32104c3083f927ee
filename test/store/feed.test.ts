import { describe, expect, it } from 'vitest';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { TraceFeed } from '../../src/shared/domain/feed.ts';
import type { TraceStore } from '../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

const LONG_MS = 25_000;

function feedOf(store: TraceStore, cursor: number | null, query = '', limit = 100): Promise<TraceFeed> {
  return store.feed({ cursor, query, limit, waitMs: 0 });
}

function numbered(number: number, overrides: Parameters<typeof makeSpan>[0] = {}) {
  return makeSpan({
    traceId: traceIdOf(number),
    startTime: unixNano(BigInt(number)),
    endTime: unixNano(1_000n),
    ...overrides,
  });
}

describe('feed', () => {
  it('begins with a snapshot, newest first, of at most as many as asked for', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(2), numbered(3), numbered(1)], payloads: [] });
    const feed = await feedOf(store, null, '', 2);
    expect(feed.reset).toBe(true);
    expect(feed.traces.map((trace) => trace.traceId)).toEqual([traceIdOf(3), traceIdOf(2)]);
    expect(feed.stats).toMatchObject({ traces: 3, spans: 3 });
  });

  it('then answers with the traces that changed, each with a higher revision than ever before', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1, { endTime: null }), numbered(2)], payloads: [] });
    const first = await feedOf(store, null);
    store.put({ spans: [numbered(1), numbered(3)], payloads: [] });
    const second = await feedOf(store, first.cursor);
    expect(second.reset).toBe(false);
    expect(second.traces.map((trace) => trace.traceId)).toEqual([traceIdOf(3), traceIdOf(1)]);
    const revisions = [...first.traces, ...second.traces].map((trace) => trace.revision);
    expect(new Set(revisions).size).toBe(4);
    expect(Math.min(...second.traces.map((trace) => trace.revision))).toBeGreaterThan(first.cursor);
    expect(await feedOf(store, second.cursor)).toMatchObject({
      cursor: second.cursor,
      traces: [],
      removed: [],
      reset: false,
    });
  });

  it('reports a changed trace that does not match the query as removed', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1, { endTime: null })], payloads: [] });
    const first = await feedOf(store, null, 'status:pending');
    expect(first.traces).toHaveLength(1);
    store.put({ spans: [numbered(1)], payloads: [] });
    expect(await feedOf(store, first.cursor, 'status:pending')).toMatchObject({ traces: [], removed: [traceIdOf(1)] });
  });

  it('reports evicted traces as removed', async () => {
    const store = await openStore({ budgetBytes: 20_000 });
    store.put({ spans: [numbered(1)], payloads: [makePayload({ traceId: traceIdOf(1), text: 'x'.repeat(12_000) })] });
    const first = await feedOf(store, null);
    store.put({ spans: [numbered(2)], payloads: [makePayload({ traceId: traceIdOf(2), text: 'x'.repeat(12_000) })] });
    const second = await feedOf(store, first.cursor);
    expect(second).toMatchObject({ reset: false, removed: [traceIdOf(1)], traces: [{ traceId: traceIdOf(2) }] });
    expect(second.stats.evictedTraces).toBe(1);
  });

  it('does not report a trace as removed that went and came again', async () => {
    const store = await openStore({ budgetBytes: 20_000 });
    const body = (n: number) => makePayload({ traceId: traceIdOf(n), text: 'x'.repeat(12_000) });
    store.put({ spans: [numbered(1)], payloads: [body(1)] });
    const first = await feedOf(store, null);
    store.put({ spans: [numbered(2)], payloads: [body(2)] });
    await store.flush();
    store.put({ spans: [numbered(1)], payloads: [] });
    const second = await feedOf(store, first.cursor);
    expect(second.removed).not.toContain(traceIdOf(1));
    expect(second.traces.map((trace) => trace.traceId)).toContain(traceIdOf(1));
  });

  it('starts over after everything was cleared', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    const first = await feedOf(store, null);
    await store.clear();
    expect(await feedOf(store, first.cursor)).toMatchObject({ reset: true, traces: [] });
  });

  it('starts over for a cursor from another life of the store', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    expect(await feedOf(store, 4_711)).toMatchObject({ reset: true, traces: [{ traceId: traceIdOf(1) }] });
  });

  it('starts over when more changed than the caller takes', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    const first = await feedOf(store, null, '', 2);
    store.put({ spans: [numbered(2), numbered(3), numbered(4)], payloads: [] });
    const second = await feedOf(store, first.cursor, '', 2);
    expect(second.reset).toBe(true);
    expect(second.traces.map((trace) => trace.traceId)).toEqual([traceIdOf(4), traceIdOf(3)]);
  });

  it('fails with the sentence of a query that cannot be understood', async () => {
    const store = await openStore();
    await expect(feedOf(store, null, 'colour:red')).rejects.toThrow('"colour:red" starts with an unknown key');
  });

  it('waits for a change and answers with it', async () => {
    const store = await openStore();
    const { cursor } = await feedOf(store, null);
    const waiting = store.feed({ cursor, query: '', limit: 10, waitMs: LONG_MS });
    store.put({ spans: [numbered(1)], payloads: [] });
    expect(await waiting).toMatchObject({ reset: false, traces: [{ traceId: traceIdOf(1) }] });
  });

  it('wakes when everything is cleared', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    const { cursor } = await feedOf(store, null);
    const waiting = store.feed({ cursor, query: '', limit: 10, waitMs: LONG_MS });
    await store.clear();
    expect(await waiting).toMatchObject({ reset: true, traces: [] });
  });

  it('answers with an empty change when nothing happens in time', async () => {
    const store = await openStore();
    const { cursor } = await feedOf(store, null);
    const feed = await store.feed({ cursor, query: '', limit: 10, waitMs: 60 });
    expect(feed).toMatchObject({ cursor, reset: false, traces: [], removed: [] });
  });

  it('ends the wait with an empty change when its signal aborts', async () => {
    const store = await openStore();
    const { cursor } = await feedOf(store, null);
    const abort = new AbortController();
    const waiting = store.feed({ cursor, query: '', limit: 10, waitMs: LONG_MS }, abort.signal);
    abort.abort();
    expect(await waiting).toMatchObject({ cursor, reset: false, traces: [], removed: [] });
  });

  it('gives a caller who polls in a loop at most about twenty answers a second and every change', async () => {
    const store = await openStore();
    const count = 300;
    const seen = new Set<string>();
    let { cursor } = await feedOf(store, null);
    let answers = 0;
    const start = performance.now();
    const polling = (async () => {
      while (seen.size < count) {
        const feed = await store.feed({ cursor, query: '', limit: 1_000, waitMs: LONG_MS });
        answers += 1;
        cursor = feed.cursor;
        for (const trace of feed.traces) seen.add(trace.traceId);
      }
    })();
    for (let number = 1; number <= count; number += 1) {
      store.put({ spans: [numbered(number)], payloads: [] });
      await store.flush();
    }
    await polling;
    // Timers may fire a millisecond early.
    expect(answers).toBeLessThanOrEqual((performance.now() - start) / 49 + 1);
  });
});

describe('watch', () => {
  const watch = (store: TraceStore, cursor: number | null, waitMs = 0, signal?: AbortSignal) =>
    store.watch({ traceId: traceIdOf(1), cursor, waitMs }, signal);

  it('begins with all spans and payloads, then answers with those that changed', async () => {
    const store = await openStore();
    const root = numbered(1, { spanId: spanIdOf(1), endTime: null });
    const child = numbered(1, { spanId: spanIdOf(2), parentSpanId: spanIdOf(1) });
    store.put({ spans: [root, child], payloads: [makePayload({ spanId: spanIdOf(2) })] });
    const first = await watch(store, null);
    expect(first).toMatchObject({ reset: true, summary: { status: 'pending' }, spans: [{}, {}], payloads: [{}] });
    store.put({
      spans: [numbered(1, { spanId: spanIdOf(1) })],
      payloads: [makePayload({ spanId: spanIdOf(2), direction: 'response' })],
    });
    const second = await watch(store, first.cursor);
    expect(second.reset).toBe(false);
    expect(second.summary?.status).toBe('ok');
    expect(second.spans.map((span) => span.spanId)).toEqual([spanIdOf(1)]);
    expect(second.payloads).toMatchObject([{ direction: 'response' }]);
  });

  it('says that a trace is not there, and waits for it to come', async () => {
    const store = await openStore();
    const first = await watch(store, null);
    expect(first).toMatchObject({ reset: true, summary: null, spans: [] });
    const waiting = watch(store, first.cursor, LONG_MS);
    store.put({ spans: [numbered(1)], payloads: [] });
    expect(await waiting).toMatchObject({ reset: true, summary: { traceId: traceIdOf(1) }, spans: [{}] });
  });

  it('sleeps through changes of other traces', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    const first = await watch(store, null);
    const waiting = watch(store, first.cursor, LONG_MS);
    store.put({ spans: [numbered(2)], payloads: [] });
    await store.flush();
    store.put({ spans: [numbered(1, { name: 'changed' })], payloads: [] });
    expect(await waiting).toMatchObject({ reset: false, summary: { name: 'changed' }, spans: [{ name: 'changed' }] });
  });

  it('says when the trace is gone', async () => {
    const store = await openStore({ budgetBytes: 20_000 });
    store.put({ spans: [numbered(1)], payloads: [] });
    const first = await watch(store, null);
    const waiting = watch(store, first.cursor, LONG_MS);
    store.put({ spans: [numbered(2)], payloads: [makePayload({ traceId: traceIdOf(2), text: 'x'.repeat(19_000) })] });
    expect(await waiting).toMatchObject({ reset: true, summary: null, spans: [] });
  });

  it('starts over when the trace went and came again', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    const first = await watch(store, null);
    await store.clear();
    store.put({ spans: [numbered(1, { spanId: spanIdOf(5) })], payloads: [] });
    expect(await watch(store, first.cursor)).toMatchObject({ reset: true, spans: [{ spanId: spanIdOf(5) }] });
  });

  it('ends the wait with an empty change when its signal aborts', async () => {
    const store = await openStore();
    store.put({ spans: [numbered(1)], payloads: [] });
    const first = await watch(store, null);
    const abort = new AbortController();
    const waiting = watch(store, first.cursor, LONG_MS, abort.signal);
    abort.abort();
    expect(await waiting).toMatchObject({
      cursor: first.cursor,
      reset: false,
      summary: { traceId: traceIdOf(1) },
      spans: [],
    });
  });
});
