import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PutQueue } from '../../../src/store/client/put-queue.ts';
import { decodeSpans } from '../../../src/store/codec/span-rows.ts';
import type { EncodedBatch } from '../../../src/store/worker/protocol.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const SPAN_BOUND = 50_000;

function spans(first: number, count: number) {
  return Array.from({ length: count }, (_, index) => makeSpan({ spanId: spanIdOf(first + index) }));
}

function queueWithSent(): { queue: PutQueue; sent: EncodedBatch[] } {
  const sent: EncodedBatch[] = [];
  return { queue: new PutQueue((batch) => sent.push(batch)), sent };
}

describe('the queue before the worker', () => {
  it('gathers what is put and sends the newest record of each span', () => {
    const { queue, sent } = queueWithSent();
    queue.put({ spans: [makeSpan({ endTime: null, name: 'open' })], payloads: [] });
    queue.put({ spans: [makeSpan({ name: 'ended' })], payloads: [makePayload()] });
    queue.sendNow();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.spans).toHaveLength(1);
    expect(decodeSpans(sent[0]?.spans[0] ?? '', traceIdOf(1))).toEqual([makeSpan({ name: 'ended' })]);
    expect(sent[0]?.payloads).toHaveLength(1);
  });

  it('lets a newer record win when a trace changes again after it had ended', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ name: 'first' }), makeSpan({ spanId: spanIdOf(2) })], payloads: [makePayload()] });
    store.put({ spans: [makeSpan({ name: 'second' })], payloads: [makePayload({ text: 'second' })] });
    store.put({ spans: [makeSpan({ name: 'third', endTime: null })], payloads: [] });
    store.put({ spans: [makeSpan({ name: 'fourth' })], payloads: [] });
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.spans.map(({ name }) => name).sort()).toEqual(['POST /mcp', 'fourth']);
    expect(await store.payloads(traceIdOf(1))).toMatchObject([{ text: 'second' }]);
    expect(detail?.summary).toMatchObject({ spanCount: 2, openSpanCount: 0, payloadBytes: 19 });
  });

  it('sends what goes on sooner than what has ended, which nobody waits for', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { queue, sent } = queueWithSent();
    queue.put({ spans: [makeSpan()], payloads: [] });
    vi.advanceTimersByTime(10);
    expect(sent).toHaveLength(0);
    queue.put({ spans: [makeSpan({ traceId: traceIdOf(2), endTime: null })], payloads: [] });
    vi.advanceTimersByTime(10);
    expect(sent.map(({ traceIds }) => traceIds)).toEqual([[traceIdOf(1), traceIdOf(2)]]);
    queue.put({ spans: [makeSpan()], payloads: [] });
    vi.advanceTimersByTime(50);
    expect(sent).toHaveLength(2);
  });

  it('sends nothing when nothing was put', () => {
    const { queue, sent } = queueWithSent();
    queue.sendNow();
    expect(sent).toEqual([]);
  });

  it('R87: drops and counts whole batches when more is under way than its bound, and takes more once that is stored', () => {
    const { queue, sent } = queueWithSent();
    for (let first = 1; first <= SPAN_BOUND; first += 1_000) queue.put({ spans: spans(first, 1_000), payloads: [] });
    queue.put({ spans: spans(90_000, 3), payloads: [makePayload()] });
    expect([queue.droppedSpans, queue.droppedPayloads]).toEqual([3, 1]);
    sent.forEach(() => queue.settled(true, 0));
    queue.put({ spans: spans(90_000, 3), payloads: [] });
    queue.sendNow();
    expect(decodeSpans(sent.at(-1)?.spans[0] ?? '', traceIdOf(1))).toHaveLength(3);
    expect(queue.droppedSpans).toBe(3);
  });

  it('bounds the text of payloads under way as well', () => {
    const { queue } = queueWithSent();
    const text = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 65; count += 1) queue.put({ spans: [], payloads: [makePayload({ text })] });
    expect(queue.droppedPayloads).toBe(1);
  });

  it('counts a batch that could not be stored, and what was lost on the way to it', () => {
    const { queue } = queueWithSent();
    queue.put({ spans: spans(1, 2), payloads: [makePayload()], lost: { spans: 5, payloads: 6 } });
    queue.sendNow();
    queue.settled(false, 0);
    expect([queue.droppedSpans, queue.droppedPayloads]).toEqual([7, 7]);
  });

  it('counts what is under way and what comes later as lost once it is stopped', () => {
    const { queue, sent } = queueWithSent();
    queue.put({ spans: spans(1, 2), payloads: [] });
    queue.sendNow();
    queue.put({ spans: spans(3, 1), payloads: [] });
    queue.stop();
    queue.put({ spans: spans(4, 1), payloads: [makePayload()] });
    expect([queue.droppedSpans, queue.droppedPayloads]).toEqual([4, 1]);
    expect(sent).toHaveLength(1);
  });

  it('R87: a caller who puts faster than the worker stores is never held up and sees the count', async () => {
    const store = await openStore();
    for (let first = 1; first <= SPAN_BOUND + 5_000; first += 1_000)
      store.put({ spans: spans(first, 1_000), payloads: [] });
    expect(await store.stats()).toMatchObject({ spans: SPAN_BOUND, droppedSpans: 5_000 });
  });
});
