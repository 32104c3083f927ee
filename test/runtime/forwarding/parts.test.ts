import { describe, expect, it } from 'vitest';
import { pauseAfter } from '../../../src/runtime/forwarding/back-off.ts';
import { createImportedTraces } from '../../../src/runtime/forwarding/imported-traces.ts';
import { createSentSpans } from '../../../src/runtime/forwarding/sent-spans.ts';
import { createTraceQueue } from '../../../src/runtime/forwarding/trace-queue.ts';
import { spanIdOf, traceIdOf } from '../../support/make-span.ts';

describe('the pause after failures', () => {
  const BACK_OFF = { firstMs: 1_000, maxMs: 60_000 };

  it('R85: doubles from one failure to the next up to a limit, a little more or less', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) => pauseAfter(failures, null, BACK_OFF, 0.5));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(pauseAfter(1, null, BACK_OFF, 0)).toBe(800);
    expect(pauseAfter(1, null, BACK_OFF, 1)).toBe(1_200);
  });

  it('R85: is what the endpoint asked for, and never none', () => {
    expect(pauseAfter(1, 7_000, BACK_OFF, 0.5)).toBe(7_000);
    expect(pauseAfter(5, 0, BACK_OFF, 0.5)).toBe(1_000);
  });
});

describe('the queue of an endpoint', () => {
  it('R84: takes no more traces when it is full, and counts those that it did not take', () => {
    const queue = createTraceQueue(2);
    for (const number of [1, 2, 2, 3]) queue.add(traceIdOf(number), number);
    expect([...queue.ids()]).toEqual([traceIdOf(1), traceIdOf(2)]);
    expect(queue.dropped).toBe(1);
  });

  it('keeps a trace that has changed since it was read', () => {
    const queue = createTraceQueue(10);
    queue.add(traceIdOf(1), 5);
    queue.settle(traceIdOf(1), 4);
    expect(queue.size).toBe(1);
    queue.settle(traceIdOf(1), 5);
    expect(queue.size).toBe(0);
    expect(queue.dropped).toBe(0);
  });

  it('knows the revision from which somebody else can go on', () => {
    const queue = createTraceQueue(10);
    expect(queue.oldestRevision).toBeNull();
    queue.add(traceIdOf(1), 9);
    queue.add(traceIdOf(2), 4);
    expect(queue.oldestRevision).toBe(4);
  });
});

describe('what has been sent', () => {
  it('is remembered by span, and up to where it was read', () => {
    const sent = createSentSpans();
    sent.add(traceIdOf(1), [spanIdOf(1)]);
    expect(sent.cursorOf(traceIdOf(1))).toBeNull();
    sent.readUpTo(traceIdOf(1), 7);
    expect(sent.cursorOf(traceIdOf(1))).toBe(7);
    expect(sent.has(traceIdOf(1), spanIdOf(1))).toBe(true);
    expect(sent.has(traceIdOf(1), spanIdOf(2))).toBe(false);
    expect(sent.has(traceIdOf(2), spanIdOf(1))).toBe(false);
  });

  it('R84: is forgotten, the oldest first, before it is too much', () => {
    const byTraces = createSentSpans(2, 100);
    for (const number of [1, 2, 3]) byTraces.add(traceIdOf(number), [spanIdOf(number)]);
    expect([1, 2, 3].map((number) => byTraces.has(traceIdOf(number), spanIdOf(number)))).toEqual([false, true, true]);
    const bySpans = createSentSpans(100, 3);
    for (const number of [1, 2]) bySpans.add(traceIdOf(number), [spanIdOf(1), spanIdOf(2)]);
    expect([1, 2].map((number) => bySpans.has(traceIdOf(number), spanIdOf(2)))).toEqual([false, true]);
  });
});

describe('imported traces', () => {
  it('are known by their ids', () => {
    const imported = createImportedTraces();
    imported.add(traceIdOf(1));
    expect(imported.has(traceIdOf(1))).toBe(true);
    expect(imported.has(traceIdOf(2))).toBe(false);
  });
});
