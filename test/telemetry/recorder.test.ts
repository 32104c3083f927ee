import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXCHANGE, startRecording } from './recorded.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the recorder', () => {
  it('records a span that begins and ends between two flushes once, as ended', () => {
    const { observer, batches } = startRecording();
    observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200 });
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(batches.map(({ spans }) => spans.length)).toEqual([1]);
    expect(batches[0]?.spans[0]?.endTime).not.toBeNull();
    vi.advanceTimersByTime(500);
    expect(batches).toHaveLength(1);
  });

  it('R53: hands over a trace that goes on at the second flush, open as it is, and what ends later then', () => {
    const { observer, batches } = startRecording();
    const exchange = observer.exchange(EXCHANGE);
    vi.advanceTimersByTime(50);
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(batches.map(({ spans }) => spans.map(({ endTime }) => endTime))).toEqual([[null]]);
    exchange.end({ kind: 'answered', statusCode: 200 });
    vi.advanceTimersByTime(50);
    expect(batches).toHaveLength(2);
    expect(batches[1]?.spans[0]?.endTime).not.toBeNull();
  });

  it('R96: knows of a span whether it has something of it that it has not handed on', () => {
    const { observer, recorder, batches } = startRecording();
    const exchange = observer.exchange(EXCHANGE);
    vi.advanceTimersByTime(100);
    const [span] = batches[0]?.spans ?? [];
    const isWaiting = (): boolean => recorder.isWaiting(span?.traceId ?? '', span?.spanId ?? '');
    expect(isWaiting()).toBe(false);
    exchange.end({ kind: 'answered', statusCode: 200 });
    expect(isWaiting()).toBe(true);
    expect(recorder.isWaiting(span?.traceId ?? '', '0'.repeat(16))).toBe(false);
    vi.advanceTimersByTime(50);
    expect(isWaiting()).toBe(false);
  });

  it('records what has ended together, well before the next flush, so that no call waits for the one before', () => {
    const { observer, batches } = startRecording();
    observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200 });
    vi.advanceTimersByTime(19);
    observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200 });
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(batches.map(({ spans }) => spans.length)).toEqual([2]);
  });

  it('does not let one trace wait for another', () => {
    const { observer, batches } = startRecording();
    observer.exchange(EXCHANGE);
    observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200 });
    vi.advanceTimersByTime(50);
    expect(batches.map(({ spans }) => spans.length)).toEqual([1]);
  });

  it('hands over everything when it is told to, and nothing after its end', async () => {
    const { observer, recorder, batches } = startRecording();
    observer.exchange(EXCHANGE);
    await recorder.forceFlush();
    expect(batches.map(({ spans }) => spans.length)).toEqual([1]);
    await recorder.shutdown();
    observer.exchange(EXCHANGE);
    vi.advanceTimersByTime(500);
    expect(batches).toHaveLength(1);
  });

  it('R87: drops and counts spans and bodies beyond its bounds, and takes more once those are handed over', async () => {
    const { observer, recorder, batches } = startRecording(undefined, { maxPendingSpans: 3, maxPendingPayload: 10 });
    for (let count = 0; count < 5; count += 1) observer.exchange(EXCHANGE);
    const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), direction: 'request', mediaType: 'text/plain' };
    const payload = { ...ids, text: '123456' } as Parameters<typeof recorder.payload>[0];
    recorder.payload(payload);
    recorder.payload(payload);
    await recorder.forceFlush();
    expect(batches[0]).toMatchObject({ spans: [{}, {}, {}], payloads: [{}], lost: { spans: 2, payloads: 1 } });
    observer.exchange(EXCHANGE);
    recorder.payload(payload);
    await recorder.forceFlush();
    expect(batches[1]).toMatchObject({ spans: [{}], payloads: [{}], lost: { spans: 0, payloads: 0 } });
  });

  it('keeps the beginning and the size of bodies that are larger together than what it may hold', async () => {
    const { recorder, payloads } = startRecording(undefined, { maxPendingSpans: 10, maxPendingPayload: 1_000_000 });
    const text = JSON.stringify({ result: 'x'.repeat(2_000_000) });
    for (const direction of ['request', 'response']) {
      const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), direction, mediaType: 'application/json' };
      recorder.payload({ ...ids, text, isParsedJson: true } as Parameters<typeof recorder.payload>[0]);
    }
    const kept = { truncated: true, originalBytes: text.length };
    expect(await payloads()).toMatchObject([kept, kept]);
  });

  it('gives the event loop back when there is much to redact, and records all of it', () => {
    const { observer, recorder, batches } = startRecording(undefined, { maxPendingSpans: 1e6, maxPendingPayload: 1e9 });
    const text = `{"password":"${'x '.repeat(60_000)}"}`;
    for (let count = 0; count < 60; count += 1) {
      observer.exchange(EXCHANGE).end({ kind: 'answered', statusCode: 200 });
      const ids = { traceId: '1'.repeat(32), spanId: count.toString(16).padStart(16, '0'), direction: 'request' };
      recorder.payload({ ...ids, mediaType: 'application/json', text } as Parameters<typeof recorder.payload>[0]);
    }
    vi.advanceTimersByTime(20);
    expect(batches.length).toBe(1);
    vi.advanceTimersByTime(79);
    expect(batches.flatMap(({ payloads }) => payloads)).toHaveLength(60);
    expect(batches.flatMap(({ spans }) => spans)).toHaveLength(60);
    expect(batches.length).toBeGreaterThan(1);
  });
});
