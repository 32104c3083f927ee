import { describe, expect, it } from 'vitest';
import { createTraceListStore, hiddenNoise, listedOfMore } from '../../../../renderer/features/traces/store.list.ts';
import { createOpenTraceStore } from '../../../../renderer/features/traces/store.trace.ts';
import { createMemoryBridge } from '../../../support/memory-bridge.ts';
import { makeSpan, makeSummary, spanIdOf, traceIdOf } from '../../../support/make-trace.ts';
import { until } from '../../until.ts';

const trace = (id: number, rest = {}) => ({
  summary: makeSummary({ id, start: id * 1_000, ...rest }),
  spans: [makeSpan({ id, trace: id })],
  payloads: [],
});

describe('the trace list', () => {
  it('shows what comes, newest first', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1));
    const list = createTraceListStore(bridge);
    const stop = list.start();
    await until(list.store, (state) => state.shown.traces.length === 1);
    bridge.putTrace(trace(2));
    const state = await until(list.store, ({ shown }) => shown.traces.length === 2);
    expect(state.shown.traces.map((each) => each.traceId)).toEqual([traceIdOf(2), traceIdOf(1)]);
    expect(state.shown.stats?.traces).toBe(2);
    stop();
  });

  it('freezes the picture when paused, counts what it holds back, and catches up when resumed', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1));
    const list = createTraceListStore(bridge);
    const stop = list.start();
    await until(list.store, (state) => state.shown.loaded);
    list.setPaused(true);
    bridge.putTrace(trace(2));
    bridge.putTrace(trace(3));
    const paused = await until(list.store, (state) => state.newWhilePaused === 2);
    expect(paused.shown.traces).toHaveLength(1);
    list.setPaused(false);
    expect(list.store.getState().shown.traces).toHaveLength(3);
    expect(list.store.getState().newWhilePaused).toBe(0);
    stop();
  });

  it('leaves out health checks, streams and news until they are wanted, and counts them', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1));
    for (const [id, reason] of [
      [2, 'health'],
      [3, 'stream'],
      [5, 'news'],
      [4, 'restart'],
    ] as const) {
      const spans = [makeSpan({ id, trace: id, attributes: { 'throughline.upkeep': reason } })];
      bridge.putTrace({ ...trace(id, { target: null }), spans });
    }
    const list = createTraceListStore(bridge);
    const stop = list.start();
    const ids = (count: number) =>
      until(list.store, ({ shown }) => shown.traces.length === count).then(({ shown }) =>
        shown.traces.map((each) => each.traceId),
      );
    expect(await ids(2)).toEqual([traceIdOf(4), traceIdOf(1)]);
    expect(hiddenNoise(list.store.getState())).toBe(3);
    list.setShowNoise(true);
    expect(await ids(5)).toEqual([5, 4, 3, 2, 1].map(traceIdOf));
    expect(hiddenNoise(list.store.getState())).toBeNull();
    list.setShowNoise(false);
    expect(await ids(2)).toHaveLength(2);
    list.setQuery('upkeep:health');
    expect(await ids(1)).toEqual([traceIdOf(2)]);
    expect(hiddenNoise(list.store.getState())).toBeNull();
    stop();
  });

  it('R99: says when older traces are kept than it lists, so that none is left out in silence', async () => {
    const bridge = createMemoryBridge();
    for (let id = 1; id < 2_000; id += 1) bridge.putTrace(trace(id));
    const list = createTraceListStore(bridge);
    const stop = list.start();
    await until(list.store, ({ shown }) => shown.traces.length === 1_999);
    expect(listedOfMore(list.store.getState())).toBeNull();
    for (let id = 2_000; id <= 2_100; id += 1) bridge.putTrace(trace(id));
    list.setQuery('tool:echo');
    list.setQuery('');
    await until(list.store, ({ shown }) => shown.traces.length >= 2_000);
    expect(listedOfMore(list.store.getState())).toBeGreaterThanOrEqual(2_000);
    stop();
  });

  it('never moves the selection when rows come', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1));
    const list = createTraceListStore(bridge);
    const stop = list.start();
    list.select(traceIdOf(1));
    bridge.putTrace(trace(2));
    const state = await until(list.store, ({ shown }) => shown.traces.length === 2);
    expect(state.selected).toBe(traceIdOf(1));
    stop();
  });

  it('says what the host found wrong with a query, keeps the rows, and recovers with the next', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1));
    bridge.putTrace(trace(2, { servers: ['github'] }));
    const list = createTraceListStore(bridge);
    const stop = list.start();
    await until(list.store, (state) => state.shown.traces.length === 2);
    list.setQuery('colour:red');
    const refused = await until(list.store, (state) => state.queryError !== null);
    expect(refused.queryError).toMatch(/is not a filter/);
    expect(refused.shown.traces).toHaveLength(2);
    list.setQuery('server:github');
    const found = await until(list.store, (state) => state.shown.traces.length === 1);
    expect(found.queryError).toBeNull();
    expect(found.census.perServer.size).toBe(2);
    stop();
  });
});

describe('the open trace', () => {
  it('follows its spans, and stands still while paused', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1, { took: null }));
    const open = createOpenTraceStore(bridge);
    open.open(traceIdOf(1));
    await until(open.store, (state) => state.shown.spans.length === 1);
    open.setPaused(true);
    bridge.putTrace({ ...trace(1), spans: [makeSpan({ id: 1, trace: 1 }), makeSpan({ id: 2, parent: 1, trace: 1 })] });
    const paused = await until(open.store, (state) => state.live.spans.length === 2);
    expect(paused.shown.spans).toHaveLength(1);
    open.setPaused(false);
    expect(open.store.getState().shown.spans).toHaveLength(2);
    open.stop();
  });

  it('forgets fold and choice with the trace, but keeps the tab', async () => {
    const bridge = createMemoryBridge();
    bridge.putTrace(trace(1));
    bridge.putTrace(trace(2));
    const open = createOpenTraceStore(bridge);
    open.open(traceIdOf(1));
    const first = await until(open.store, (state) => state.shown.loaded);
    const spanId = first.shown.spans[0]?.spanId;
    if (spanId === undefined) throw new Error('The trace has a span.');
    open.selectSpan(spanId);
    open.setCollapsed(new Set([spanId]));
    open.setTab('raw');
    open.open(traceIdOf(2));
    expect(open.store.getState()).toMatchObject({ selectedSpan: null, tab: 'raw', shown: { loaded: false } });
    expect(open.store.getState().collapsed.size).toBe(0);
    open.open(null);
    expect(open.store.getState().traceId).toBeNull();
    open.stop();
  });

  it('goes to a place in a span: its tab, its direction, and what is to be seen there, once', () => {
    const open = createOpenTraceStore(createMemoryBridge());
    open.goTo(spanIdOf(1), { direction: 'response', path: '/result/a' });
    expect(open.store.getState()).toMatchObject({
      selectedSpan: spanIdOf(1),
      tab: 'payload',
      direction: 'response',
      target: { path: '/result/a' },
    });
    open.setTab('raw');
    open.setTab('payload');
    expect(open.store.getState()).toMatchObject({ target: null, direction: 'response' });
    open.goTo(spanIdOf(1), { direction: null, path: '/events/0/name' });
    expect(open.store.getState()).toMatchObject({ tab: 'events', direction: 'response' });
  });

  it('takes a question about a value to the tab that answers it, and drops it with the span', () => {
    const open = createOpenTraceStore(createMemoryBridge());
    open.ask({ key: 'ticket', value: 'x' });
    expect(open.store.getState()).toMatchObject({ tab: 'redaction', question: { key: 'ticket', value: 'x' } });
    open.selectSpan(spanIdOf(2));
    expect(open.store.getState()).toMatchObject({ tab: 'redaction', question: null });
  });
});
