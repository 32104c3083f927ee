import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { millisToUnixNano } from '../../../src/shared/domain/ids.ts';
import { encodeSpans } from '../../../src/store/codec/span-rows.ts';
import type { StoreLimits, TraceStore } from '../../../src/store/port.ts';
import { startLimitsTimer } from '../../../src/store/worker/limits-timer.ts';
import { StoreHost } from '../../../src/store/worker/store-host.ts';
import { makeSpan, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const DAY = 24 * 60 * 60 * 1_000;
const BEGINNING = Date.UTC(2026, 0, 1);
const AMPLE: StoreLimits = { bytes: 1e9, traces: 0, days: 0 };

/** A trace that began so many days after the beginning. */
function traceOf(number: number, day: number, isOpen = false) {
  const startTime = millisToUnixNano(BEGINNING + day * DAY);
  return makeSpan({ traceId: traceIdOf(number), startTime, endTime: isOpen ? null : startTime });
}

/** What the worker does, on a clock that the test sets. */
function openHost(limits: Partial<StoreLimits>) {
  let day = 0;
  const host = StoreHost.open({ file: null, limits: { ...AMPLE, ...limits } }, () => BEGINNING + day * DAY);
  let id = 0;
  const call = (name: 'list' | 'close') =>
    host.call({
      kind: 'call',
      id: (id += 1),
      ...(name === 'list' ? { name, argument: { query: '', limit: 100 } } : { name, argument: null }),
    });
  onTestFinished(() => {
    call('close');
  });
  return {
    host,
    setDay: (now: number) => (day = now),
    put(...spans: ReturnType<typeof traceOf>[]) {
      const traceIds = spans.map(({ traceId }) => traceId);
      host.store({ traceIds, spans: spans.map((span) => encodeSpans([span])), payloads: [], texts: [] });
    },
    kept: () => numbersOf(call('list') as Awaited<ReturnType<TraceStore['list']>>),
  };
}

function numbersOf(summaries: readonly { readonly traceId: string }[]): number[] {
  return summaries.map(({ traceId }) => Number.parseInt(traceId, 16)).sort((a, b) => a - b);
}

async function keptIn(store: TraceStore): Promise<number[]> {
  return numbersOf(await store.list('', 100));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a limit on days', () => {
  it('R89: lets a trace go once it began longer ago, whole and counted, and none before', () => {
    const { host, setDay, put, kept } = openHost({ days: 7 });
    put(traceOf(1, 0), traceOf(2, 1));
    setDay(7);
    expect(host.enforceLimits()).toBe('');
    expect(kept()).toEqual([1, 2]);
    setDay(7.5);
    expect(host.enforceLimits()).toBe(traceIdOf(1));
    expect(kept()).toEqual([2]);
    expect(host.position().stats).toMatchObject({ traces: 1, spans: 1, evictedTraces: 1 });
  });

  it('R89: is kept with every batch', () => {
    const { setDay, put, kept } = openHost({ days: 7 });
    put(traceOf(1, 0));
    setDay(8);
    put(traceOf(2, 8), traceOf(3, 0.5));
    expect(kept()).toEqual([2]);
  });

  it('R89: is kept while nothing comes, and tells what went', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { host, setDay, put, kept } = openHost({ days: 7 });
    const told: string[] = [];
    const stop = startLimitsTimer(host, (changed) => told.push(changed));
    put(traceOf(1, 0), traceOf(2, 1));
    vi.advanceTimersByTime(60_000);
    setDay(7.5);
    vi.advanceTimersByTime(60_000);
    expect(kept()).toEqual([2]);
    expect(told).toEqual([traceIdOf(1)]);
    stop();
    setDay(30);
    vi.advanceTimersByTime(600_000);
    expect(kept()).toEqual([2]);
  });

  it('spares calls that are still running, however long', () => {
    const { host, setDay, put, kept } = openHost({ days: 1 });
    put(traceOf(1, 0, true), traceOf(2, 0));
    setDay(30);
    expect(host.enforceLimits()).toBe(traceIdOf(2));
    put(traceOf(1, 0));
    expect(kept()).toEqual([]);
  });

  it('goes on looking after it could not let go once', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let looks = 0;
    const enforceLimits = (): string => {
      looks += 1;
      if (looks === 1) throw new Error('disk full');
      return traceIdOf(1);
    };
    const told: string[] = [];
    onTestFinished(startLimitsTimer({ enforceLimits }, (changed) => told.push(changed)));
    vi.advanceTimersByTime(120_000);
    expect(told).toEqual([traceIdOf(1)]);
  });
});

describe('a limit on traces', () => {
  it('R89: holds continuously: the oldest goes first, and is counted', () => {
    const { host, put, kept } = openHost({ traces: 3 });
    put(traceOf(4, 4), traceOf(2, 2), traceOf(3, 3));
    expect(kept()).toEqual([2, 3, 4]);
    put(traceOf(5, 5));
    expect(kept()).toEqual([3, 4, 5]);
    put(traceOf(1, 1), traceOf(6, 6));
    expect(kept()).toEqual([4, 5, 6]);
    expect(host.position().stats).toMatchObject({ traces: 3, evictedTraces: 3 });
  });

  it('spares calls that are still running, up to twice as many', () => {
    const { put, kept } = openHost({ traces: 2 });
    put(traceOf(1, 1, true), traceOf(2, 2), traceOf(3, 3));
    expect(kept()).toEqual([1, 3]);
    put(traceOf(4, 4, true), traceOf(5, 5, true), traceOf(6, 6, true));
    expect(kept()).toEqual([1, 4, 5, 6]);
    put(traceOf(7, 7, true));
    expect(kept()).toEqual([4, 5, 6, 7]);
  });
});

describe('limits that are changed while the store runs', () => {
  it('R89: are in force at once, and whoever follows the list is told what went', async () => {
    const store = await openStore();
    store.put({ spans: [1, 2, 3, 4].map((number) => traceOf(number, number)), payloads: [] });
    const { cursor } = await store.feed({ cursor: null, query: '', limit: 10, waitMs: 0 });
    const told = store.feed({ cursor, query: '', limit: 10, waitMs: 25_000 });
    await store.retain({ ...AMPLE, traces: 2 });
    expect(await told).toMatchObject({ reset: false, removed: [traceIdOf(1), traceIdOf(2)] });
    expect(await keptIn(store)).toEqual([3, 4]);
    store.put({ spans: [traceOf(5, 5)], payloads: [] });
    expect(await keptIn(store)).toEqual([4, 5]);
    await store.retain({ ...AMPLE, bytes: 5_000_000 });
    store.put({ spans: [traceOf(6, 6)], payloads: [] });
    expect(await keptIn(store)).toEqual([4, 5, 6]);
    expect(await store.stats()).toMatchObject({ evictedTraces: 3, budgetBytes: 5_000_000 });
  });

  it('R89: on days count from when a trace began, on the clock of this machine', async () => {
    const store = await openStore();
    const now = millisToUnixNano(Date.now());
    store.put({
      spans: [traceOf(1, 0), makeSpan({ traceId: traceIdOf(2), startTime: now, endTime: now })],
      payloads: [],
    });
    await store.retain({ ...AMPLE, days: 1 });
    expect(await keptIn(store)).toEqual([2]);
  });
});
