import { describe, expect, it } from 'vitest';
import { countNew, EMPTY_LIST, EMPTY_TRACE, mergeFeed, mergeWatch } from '../../../renderer/model/feed-merge.ts';
import type { StoreStats } from '../../../src/shared/domain/trace.ts';
import { makeSpan, makeSummary, spanIdOf, traceIdOf } from '../../support/make-trace.ts';

const stats: StoreStats = {
  traces: 3,
  spans: 9,
  bytes: 1,
  budgetBytes: 2,
  evictedTraces: 0,
  droppedSpans: 0,
  droppedPayloads: 0,
};
const first = makeSummary({ id: 1, start: 1_000 });
const second = makeSummary({ id: 2, start: 2_000, took: null });
const snapshot = mergeFeed(EMPTY_LIST, { cursor: 5, reset: true, traces: [second, first], removed: [], stats });

describe('the trace list', () => {
  it('is what a snapshot says', () => {
    expect(snapshot).toEqual({ traces: [second, first], stats, loaded: true });
  });

  it('replaces what changed in its place and puts what is new where its time says', () => {
    const ended = makeSummary({ id: 2, start: 2_000, took: 40 });
    const late = makeSummary({ id: 3, start: 1_500 });
    const merged = mergeFeed(snapshot, { cursor: 6, reset: false, traces: [late, ended], removed: [], stats });
    expect(merged.traces).toEqual([ended, late, first]);
  });

  it('lets go of what was removed, and of ids it never had', () => {
    const removed = [traceIdOf(1), traceIdOf(99)];
    const merged = mergeFeed(snapshot, { cursor: 6, reset: false, traces: [], removed, stats });
    expect(merged.traces).toEqual([second]);
  });

  it('is the same list to the eye when nothing changed', () => {
    const merged = mergeFeed(snapshot, { cursor: 6, reset: false, traces: [], removed: [], stats });
    expect(merged.traces).toBe(snapshot.traces);
  });

  it('counts what a frozen picture has not', () => {
    const live = mergeFeed(snapshot, {
      cursor: 6,
      reset: false,
      traces: [makeSummary({ id: 7, start: 9_000 })],
      removed: [traceIdOf(1)],
      stats,
    });
    expect(countNew(live, snapshot)).toBe(1);
  });
});

describe('an open trace', () => {
  const open = makeSpan({ id: 0, end: null });
  const started = mergeWatch(EMPTY_TRACE, { cursor: 1, reset: true, summary: second, spans: [open], payloads: [] });

  it('replaces a span that has ended and keeps the others', () => {
    const ended = makeSpan({ id: 0, end: 9 });
    const child = makeSpan({ id: 1, parent: 0 });
    const next = mergeWatch(started, { cursor: 2, reset: false, summary: second, spans: [child, ended], payloads: [] });
    expect(next.spans).toEqual([ended, child]);
  });

  it('stays readable when the store has let go of it', () => {
    const next = mergeWatch(started, { cursor: 3, reset: false, summary: null, spans: [], payloads: [] });
    expect(next.summary).toBe(second);
    expect(next.spans).toBe(started.spans);
  });

  it('knows of one payload a direction', () => {
    const info = {
      spanId: spanIdOf(0),
      direction: 'request' as const,
      mediaType: 'application/json',
      originalBytes: 10,
      truncated: false,
      findingCount: 0,
    };
    const once = mergeWatch(started, { cursor: 2, reset: false, summary: second, spans: [], payloads: [info] });
    const twice = mergeWatch(once, {
      cursor: 3,
      reset: false,
      summary: second,
      spans: [],
      payloads: [
        { ...info, originalBytes: 12 },
        { ...info, direction: 'response' as const },
      ],
    });
    expect(twice.payloads.map((each) => [each.direction, each.originalBytes])).toEqual([
      ['request', 12],
      ['response', 10],
    ]);
  });
});
