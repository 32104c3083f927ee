import { describe, expect, it } from 'vitest';
import { unixNano } from '../../src/shared/domain/ids.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

const T0 = 1_764_000_000_000_000_000n;

function at(millis: number) {
  return unixNano(T0 + BigInt(millis) * 1_000_000n);
}

describe('keeping spans', () => {
  it('R53: a span is listed as pending from its start', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ endTime: null, startTime: at(0) })], payloads: [] });
    const [summary] = await store.list('', 10);
    expect(summary).toMatchObject({
      status: 'pending',
      openSpanCount: 1,
      spanCount: 1,
      startTime: at(0),
      endTime: null,
    });
  });

  it('replaces the open record of a span by the ended one', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ endTime: null, name: 'before' })], payloads: [] });
    await store.flush();
    store.put({ spans: [makeSpan({ endTime: at(100), name: 'after' })], payloads: [] });
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.spans.map((span) => span.name)).toEqual(['after']);
    expect(detail?.summary).toMatchObject({
      name: 'after',
      status: 'ok',
      spanCount: 1,
      openSpanCount: 0,
      endTime: at(100),
    });
  });

  it('gives a span back exactly as it was put', async () => {
    const store = await openStore();
    const span = makeSpan({
      parentSpanId: spanIdOf(9),
      parentIsRemote: true,
      traceState: 'a=b',
      status: { code: 'error', message: 'no\u0000thing "quoted" \ud83d\ude80' },
      attributes: { text: 'x', number: 1.5, flag: true, list: ['a', 'b'], numbers: [1, 2] },
      events: [{ name: 'exception', time: at(3), attributes: { 'exception.message': 'm' } }],
      links: [{ traceId: traceIdOf(7), spanId: spanIdOf(8), attributes: { why: 'header' } }],
      dropped: { attributes: 1, events: 2, links: 3 },
      findings: [{ path: '/attributes/text', start: 0, end: 1, rule: 'r', kind: 'password', length: '1-8', hash: 'h' }],
    });
    store.put({ spans: [span], payloads: [] });
    expect((await store.trace(traceIdOf(1)))?.spans).toEqual([span]);
  });

  it('keeps numbers that JSON has no word for as the strings of OTLP/JSON', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ attributes: { a: NaN, b: [1, Infinity], c: 2 } })], payloads: [] });
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.spans[0]?.attributes).toEqual({ a: 'NaN', b: ['1', 'Infinity'], c: 2 });
  });

  it('R96: puts a tree together whose children arrive before their parents', async () => {
    const store = await openStore();
    const root = makeSpan({ spanId: spanIdOf(1), name: 'root', startTime: at(0) });
    const child = makeSpan({ spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: 'child', startTime: at(1) });
    const leaf = makeSpan({ spanId: spanIdOf(3), parentSpanId: spanIdOf(2), name: 'leaf', startTime: at(2) });
    for (const span of [leaf, child, root]) {
      store.put({ spans: [span], payloads: [] });
      await store.flush();
    }
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.spans.map((span) => span.name)).toEqual(['root', 'child', 'leaf']);
    expect(detail?.summary).toMatchObject({ name: 'root', spanCount: 3 });
  });

  it('R96: counts a span that arrives twice once', async () => {
    const store = await openStore();
    const span = makeSpan({ findings: [], status: { code: 'error', message: 'x' } });
    store.put({ spans: [span], payloads: [] });
    await store.flush();
    store.put({ spans: [span], payloads: [] });
    expect(await store.list('', 10)).toMatchObject([{ spanCount: 1, errorCount: 1 }]);
    expect(await store.stats()).toMatchObject({ traces: 1, spans: 1 });
  });

  it('orders spans that started together parents first', async () => {
    const store = await openStore();
    const spans = [4, 3, 2, 1].map((n) =>
      makeSpan({ spanId: spanIdOf(n), parentSpanId: n === 1 ? null : spanIdOf(n - 1), startTime: at(0) }),
    );
    store.put({ spans, payloads: [] });
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.spans.map((span) => span.spanId)).toEqual([1, 2, 3, 4].map(spanIdOf));
  });

  it('R54: never mixes two traces, even when their spans have the same ids', async () => {
    const store = await openStore();
    const one = makeSpan({ traceId: traceIdOf(1), name: 'one' });
    const two = makeSpan({ traceId: traceIdOf(2), name: 'two', status: { code: 'error', message: 'two failed' } });
    store.put({
      spans: [one, two],
      payloads: [makePayload({ traceId: traceIdOf(2), text: 'of two' })],
    });
    expect((await store.trace(traceIdOf(1)))?.spans).toEqual([one]);
    expect((await store.trace(traceIdOf(2)))?.spans).toEqual([two]);
    expect((await store.trace(traceIdOf(1)))?.summary).toMatchObject({ status: 'ok', payloadBytes: 0 });
    expect(await store.payload(traceIdOf(1), spanIdOf(1), 'request')).toBeNull();
    expect(await store.payload(traceIdOf(2), spanIdOf(1), 'request')).toMatchObject({ text: 'of two' });
  });

  it('gives back ten thousand spans of one trace', async () => {
    const store = await openStore();
    const count = 10_000;
    for (let first = 0; first < count; first += 1_000) {
      const spans = Array.from({ length: 1_000 }, (_, index) =>
        makeSpan({ spanId: spanIdOf(first + index + 1), startTime: at(first + index) }),
      );
      store.put({ spans, payloads: [] });
    }
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.spans).toHaveLength(count);
    expect(detail?.spans.at(-1)?.spanId).toBe(spanIdOf(count));
    expect(detail?.summary.spanCount).toBe(count);
  });

  it('takes a span whose times are nonsense without losing its neighbours', async () => {
    const store = await openStore();
    const far = unixNano(2n ** 64n - 1n);
    store.put({
      spans: [makeSpan({ startTime: far, endTime: far }), makeSpan({ traceId: traceIdOf(2) })],
      payloads: [],
    });
    await store.flush();
    expect((await store.trace(traceIdOf(1)))?.spans[0]?.startTime).toBe(far);
    expect(await store.stats()).toMatchObject({ traces: 2, droppedSpans: 0 });
  });
});

describe('keeping payloads', () => {
  it('lists that a payload exists and gives its text on demand', async () => {
    const store = await openStore();
    const request = makePayload({ direction: 'request', text: '{"a":"ü\\u0000"}', originalBytes: 40, truncated: true });
    const response = makePayload({ direction: 'response', mediaType: 'text/plain', text: 'plain', originalBytes: 5 });
    store.put({ spans: [makeSpan()], payloads: [request, response] });
    const detail = await store.trace(traceIdOf(1));
    expect(detail?.payloads).toEqual([
      {
        spanId: spanIdOf(1),
        direction: 'request',
        mediaType: 'application/json',
        originalBytes: 40,
        truncated: true,
        findingCount: 0,
      },
      {
        spanId: spanIdOf(1),
        direction: 'response',
        mediaType: 'text/plain',
        originalBytes: 5,
        truncated: false,
        findingCount: 0,
      },
    ]);
    expect(detail?.summary.payloadBytes).toBe(45);
    expect(await store.payload(traceIdOf(1), spanIdOf(1), 'request')).toEqual(request);
    expect(await store.payloads(traceIdOf(1))).toEqual([request, response]);
    expect(await store.payload(traceIdOf(1), spanIdOf(2), 'request')).toBeNull();
  });

  it('replaces a payload put again and counts it once', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan()], payloads: [makePayload({ text: 'first', originalBytes: 5 })] });
    await store.flush();
    store.put({ spans: [], payloads: [makePayload({ text: 'second', originalBytes: 6 })] });
    expect(await store.payloads(traceIdOf(1))).toMatchObject([{ text: 'second' }]);
    expect(await store.list('', 1)).toMatchObject([{ payloadBytes: 6 }]);
  });

  it('counts a payload whose trace is not in the store as dropped', async () => {
    const store = await openStore();
    store.put({ spans: [], payloads: [makePayload()] });
    await store.flush();
    expect(await store.stats()).toMatchObject({ traces: 0, droppedPayloads: 1 });
  });
});

describe('summaries', () => {
  it('R66: says that the parent in another process has not been received, until it is', async () => {
    const store = await openStore();
    const server = makeSpan({
      spanId: spanIdOf(2),
      parentSpanId: spanIdOf(1),
      parentIsRemote: true,
      name: 'POST /mcp',
    });
    store.put({ spans: [server], payloads: [] });
    expect(await store.list('', 1)).toMatchObject([{ name: 'POST /mcp', remoteParentMissing: true, status: 'ok' }]);
    store.put({ spans: [makeSpan({ spanId: spanIdOf(1), name: 'agent' })], payloads: [] });
    expect(await store.list('', 1)).toMatchObject([{ name: 'agent', remoteParentMissing: false }]);
  });

  it('gathers servers and services of all spans, in the order of their names', async () => {
    const store = await openStore();
    const span = (n: number, server: string, service: string) =>
      makeSpan({
        spanId: spanIdOf(n),
        attributes: { 'throughline.server.id': server },
        origin: { resource: { 'service.name': service }, scopeName: 's', scopeVersion: null },
      });
    store.put({ spans: [span(1, 'b', 'z'), span(2, 'a', 'y'), span(3, 'b', 'z')], payloads: [] });
    expect(await store.list('', 1)).toMatchObject([{ serverIds: ['a', 'b'], services: ['y', 'z'] }]);
  });
});

describe('clear', () => {
  it('forgets every trace and its payloads', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan()], payloads: [makePayload()] });
    await store.clear();
    expect(await store.list('', 10)).toEqual([]);
    expect(await store.trace(traceIdOf(1))).toBeNull();
    expect(await store.payloads(traceIdOf(1))).toEqual([]);
    expect(await store.stats()).toMatchObject({ traces: 0, spans: 0, bytes: 0 });
  });

  it('goes on keeping what comes after', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ endTime: null })], payloads: [] });
    await store.clear();
    store.put({ spans: [makeSpan()], payloads: [] });
    expect(await store.list('service:throughline', 10)).toMatchObject([{ status: 'ok', spanCount: 1 }]);
  });
});

describe('close', () => {
  it('R86: stores what was put before, may be called twice, and makes later calls fail', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan()], payloads: [] });
    await Promise.all([store.close(), store.close()]);
    await expect(store.list('', 1)).rejects.toThrow('The trace store is closed.');
  });

  it('ends polls that wait', async () => {
    const store = await openStore();
    const { cursor } = await store.feed({ cursor: null, query: '', limit: 1, waitMs: 0 });
    const poll = store.feed({ cursor, query: '', limit: 1, waitMs: 25_000 });
    const ended = expect(poll).rejects.toThrow('The trace store is closed.');
    await store.close();
    await ended;
  });
});
