import { describe, expect, it } from 'vitest';
import { clockSkew, largestSkew, skewLabel, skewWords } from '../../../renderer/model/clock-skew.ts';
import type { ClockSkew } from '../../../renderer/model/clock-skew.ts';
import { buildSpanTree } from '../../../renderer/model/span-tree.ts';
import { makeSpan, spanIdOf } from '../../support/make-trace.ts';
import type { SpanWish } from '../../support/make-trace.ts';

/** A call of the gateway from 100 to 200 ms, and a span of a server below it. */
function skewOf(child: Partial<SpanWish>, parent: Partial<SpanWish> = {}): ClockSkew | null {
  const tree = buildSpanTree([
    makeSpan({ id: 0, end: 300 }),
    makeSpan({ id: 1, parent: 0, start: 100, end: 200, ...parent }),
    makeSpan({ id: 2, parent: 1, service: 'files', start: 120, end: 180, ...child }),
  ]);
  const node = tree.byId.get(spanIdOf(2));
  return node === undefined ? null : clockSkew(node);
}

describe('a span of another process', () => {
  it('that begins before what caused it has another clock: by how much is said', () => {
    const skew = skewOf({ start: -20 });
    expect(skew).toEqual({ side: 'before', byMs: 120 });
    expect(skewWords(skew ?? { side: 'after', byMs: 0 })).toBe('starts 120 ms before its parent: the clocks differ');
    expect(skewLabel(skew ?? { side: 'after', byMs: 0 })).toBe('−120 ms');
  });

  it('that begins after its parent has ended is marked as well', () => {
    const skew = skewOf({ start: 235, end: 240 });
    expect(skew).toEqual({ side: 'after', byMs: 35 });
    expect(skewWords(skew ?? { side: 'before', byMs: 0 })).toBe(
      'starts 35.0 ms after its parent ended: the clocks differ, or it came late',
    );
  });

  it('is not marked within its parent, within what two clocks may differ, or when it only ends later', () => {
    expect(skewOf({})).toBeNull();
    expect(skewOf({ start: 98.5 })).toBeNull();
    expect(skewOf({ end: 900 })).toBeNull();
  });

  it('that nobody waits for may begin when its parent is over', () => {
    const attributes = { 'mcp.method.name': 'notifications/initialized' };
    expect(skewOf({ start: 235, end: 240, attributes })).toBeNull();
    expect(skewOf({ start: 235, end: 240, kind: 'consumer' })).toBeNull();
    expect(skewOf({ start: -20, attributes })).toEqual({ side: 'before', byMs: 120 });
  });

  it('that begins late proves nothing about the clocks of its trace', () => {
    const tree = buildSpanTree([
      makeSpan({ id: 1, start: 100, end: 200 }),
      makeSpan({ id: 2, parent: 1, service: 'files', start: 235, end: 240 }),
    ]);
    expect(largestSkew(tree)).toBe(0);
  });

  it('is not marked after a parent that still runs, nor is a span of the same process', () => {
    expect(skewOf({ start: 250, end: 260 }, { end: null })).toBeNull();
    expect(skewOf({ start: -20, service: 'throughline' })).toBeNull();
  });

  it('is drawn where its own clock puts it', () => {
    const tree = buildSpanTree([
      makeSpan({ id: 1, start: 100, end: 200 }),
      makeSpan({ id: 2, parent: 1, service: 'files', start: -20, end: 60 }),
    ]);
    expect(tree.byId.get(spanIdOf(2))).toMatchObject({ startMs: 0, endMs: 80 });
    expect(tree.byId.get(spanIdOf(1))).toMatchObject({ startMs: 120, endMs: 220 });
    expect(largestSkew(tree)).toBe(120);
  });
});
