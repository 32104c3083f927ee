import { describe, expect, it } from 'vitest';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { TraceStore } from '../../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

/** Room for about three of the traces made here. */
const BUDGET = 36_000;
const TRACE_TEXT = 'x'.repeat(10_000);

async function putTrace(
  store: TraceStore,
  number: number,
  options: { start?: number; isOpen?: boolean; text?: string; upkeep?: string } = {},
) {
  const { start = number, isOpen = false, text = TRACE_TEXT, upkeep } = options;
  const attributes = upkeep === undefined ? {} : { 'throughline.upkeep': upkeep };
  const startTime = unixNano(BigInt(start));
  store.put({
    spans: [
      makeSpan({ traceId: traceIdOf(number), startTime, endTime: isOpen ? null : unixNano(1_000n), attributes }),
      makeSpan({
        traceId: traceIdOf(number),
        spanId: spanIdOf(2),
        parentSpanId: spanIdOf(1),
        startTime,
        name: `n${number}`,
        kind: 'internal',
      }),
    ],
    payloads: [makePayload({ traceId: traceIdOf(number), text })],
  });
  await store.flush();
}

async function kept(store: TraceStore): Promise<number[]> {
  const summaries = await store.list('', 100);
  return summaries.map((summary) => Number.parseInt(summary.traceId, 16)).sort();
}

describe('the byte budget', () => {
  it('R89: holds continuously: the oldest whole trace goes first, and is counted', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    for (const number of [1, 2, 3]) await putTrace(store, number);
    expect(await kept(store)).toEqual([1, 2, 3]);
    await putTrace(store, 4);
    expect(await kept(store)).toEqual([2, 3, 4]);
    const stats = await store.stats();
    expect(stats).toMatchObject({ traces: 3, spans: 6, evictedTraces: 1, budgetBytes: BUDGET });
    expect(stats.bytes).toBeLessThanOrEqual(BUDGET);
    expect(await store.trace(traceIdOf(1))).toBeNull();
    expect(await store.payloads(traceIdOf(1))).toEqual([]);
    expect(await store.list('span:n1', 10)).toEqual([]);
  });

  it('goes by when a trace began, not by when it came', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    await putTrace(store, 1, { start: 30 });
    await putTrace(store, 2, { start: 10 });
    await putTrace(store, 3, { start: 20 });
    await putTrace(store, 4, { start: 40 });
    expect(await kept(store)).toEqual([1, 3, 4]);
  });

  it('takes the records of health checks and streams before all others', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    await putTrace(store, 1);
    await putTrace(store, 2, { upkeep: 'health' });
    await putTrace(store, 3, { upkeep: 'connect' });
    await putTrace(store, 4);
    expect(await kept(store)).toEqual([1, 3, 4]);
    await putTrace(store, 5, { upkeep: 'stream' });
    expect(await kept(store)).toEqual([1, 3, 4]);
    await putTrace(store, 6);
    expect(await kept(store)).toEqual([3, 4, 6]);
  });

  it('forgets what a filter could find of a trace with it, also when others had the same', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    for (const number of [1, 2, 3]) await putTrace(store, number, { upkeep: 'connect' });
    expect(await store.list('span:mcp', 10)).toHaveLength(3);
    for (const number of [4, 5]) await putTrace(store, number);
    expect((await store.list('span:mcp', 10)).map(({ traceId }) => traceId)).toEqual([5, 4, 3].map(traceIdOf));
    expect(await store.list('span:n1', 10)).toEqual([]);
  });

  it('spares calls that are still running', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    await putTrace(store, 1, { isOpen: true });
    for (const number of [2, 3, 4]) await putTrace(store, number);
    expect(await kept(store)).toEqual([1, 3, 4]);
    await putTrace(store, 1);
    await putTrace(store, 5);
    expect(await kept(store)).toEqual([3, 4, 5]);
  });

  it('lets a running call go that is alone and does not fit', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    await putTrace(store, 1, { isOpen: true, text: 'x'.repeat(BUDGET) });
    expect(await kept(store)).toEqual([]);
    expect(await store.stats()).toMatchObject({ traces: 0, spans: 0, bytes: 0, evictedTraces: 1 });
  });

  it('ends even for running calls at twice the budget', async () => {
    const store = await openStore({ budgetBytes: BUDGET });
    for (const number of [1, 2, 3, 4, 5, 6]) await putTrace(store, number, { isOpen: true });
    expect(await kept(store)).toEqual([1, 2, 3, 4, 5, 6]);
    await putTrace(store, 7, { isOpen: true });
    expect(await kept(store)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('counts the same bytes for a trace however often it is written', async () => {
    const store = await openStore();
    await putTrace(store, 1);
    const { bytes } = await store.stats();
    await putTrace(store, 1, { isOpen: true });
    await putTrace(store, 1);
    expect((await store.stats()).bytes).toBe(bytes);
  });
});
