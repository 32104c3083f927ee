import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/cli-process.ts';
import { spanNames, startGrpcReceiver, startHttpReceiver } from '../../support/forward-receiver.ts';
import { makeSpan, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';
import { endpointAt, openDesk, spanNow } from './desk-stage.ts';

const TOKEN = 'correct-horse-battery-staple';

describe('an endpoint that does not take what it is sent', () => {
  it.each([429, 502, 503, 504])('R85: is sent the same again after HTTP %d, and nothing is lost', async (status) => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({ status }, { status });
    const { record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1)]);
    const { counts, lastError } = await until('it was sent', 'collector', (now) => now.counts.sentTraces === 1);
    expect(spanNames(receiver.requests)).toEqual(['span 1', 'span 1', 'span 1']);
    expect(counts).toMatchObject({ sentSpans: 1, queuedTraces: 0, droppedTraces: 0 });
    expect(lastError).toBeNull();
  });

  it('R85: is left alone for as long as it asks', async () => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({ status: 503, headers: { 'retry-after': '3600' } });
    const { record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1)]);
    await until('it failed', 'collector', ({ state }) => state === 'failing');
    await record([spanNow(2)]);
    const { counts } = await until('both wait', 'collector', (now) => now.counts.queuedTraces === 2);
    expect(counts.sentTraces).toBe(0);
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 500])(
    'R85: is not sent again what it refused with HTTP %d; it is counted',
    async (status) => {
      const receiver = await startHttpReceiver();
      receiver.answerWith({ status });
      const { record, until, warnings } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
      await record([spanNow(1)]);
      const refused = await until('it was let go of', 'collector', ({ counts }) => counts.droppedTraces === 1);
      expect(refused.lastError).toContain(`HTTP ${status}`);
      await record([spanNow(2)]);
      await until('the next was sent', 'collector', ({ counts }) => counts.sentTraces === 1);
      expect(spanNames(receiver.requests)).toEqual(['span 1', 'span 2']);
      expect(warnings).toEqual([expect.stringContaining(`HTTP ${status}`)]);
    },
  );

  it('R84: has the spans counted that it took and refused, and is not sent them again', async () => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } }),
    });
    const { record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    const spans = [1, 2, 3].map((number) => spanNow(number, { traceId: traceIdOf(1) }));
    await record(spans);
    const { counts, lastError } = await until('it was counted', 'collector', (now) => now.counts.sentTraces === 1);
    expect(counts).toMatchObject({ sentSpans: 1, rejectedSpans: 2, droppedTraces: 0 });
    expect(lastError).toContain('refused 2 spans of it: too old');
    await record([spanNow(9)]);
    await receiver.received(2);
    expect(spanNames(receiver.requests.slice(1))).toEqual(['span 9']);
  });

  it('R84: holds up no other endpoint, whether it hangs or nobody is there', async () => {
    const [hanging, gone, good] = [await startHttpReceiver(), await startGrpcReceiver(), await startHttpReceiver()];
    hanging.alwaysAnswerWith('hang');
    await gone.close();
    const { record, until } = await openDesk({
      endpoints: {
        hanging: endpointAt(hanging.url, { timeoutMs: 60_000 }),
        gone: endpointAt(gone.url, { protocol: 'grpc' }),
        good: endpointAt(good.url),
      },
    });
    for (const number of [1, 2, 3]) {
      await record([spanNow(number)]);
      await good.received(number);
    }
    expect(spanNames(good.requests)).toEqual(['span 1', 'span 2', 'span 3']);
    await until('it is seen that nobody is there', 'gone', ({ state }) => state === 'failing');
    expect(hanging.requests.length).toBeLessThanOrEqual(1);
  });

  it('R84: has a queue that is bounded, and what was let go of is counted', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith({ status: 503 });
    const { record, until } = await openDesk({
      endpoints: { collector: endpointAt(receiver.url) },
      limits: { maxQueuedTraces: 3 },
    });
    for (const number of [1, 2, 3, 4, 5]) await record([spanNow(number)]);
    const { counts } = await until('two were let go of', 'collector', (now) => now.counts.droppedTraces === 2);
    expect(counts).toMatchObject({ queuedTraces: 3, sentTraces: 0 });
    receiver.alwaysAnswerWith(null);
    await until('the rest was sent', 'collector', (now) => now.counts.sentTraces === 3);
    expect(new Set(spanNames(receiver.requests))).toEqual(new Set(['span 1', 'span 2', 'span 3']));
  });

  it('R84: has those counted that left the store before they could be sent', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith({ status: 503 });
    const { record, until, store } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1), spanNow(2)]);
    await until('both wait', 'collector', ({ counts }) => counts.queuedTraces === 2);
    await store.clear();
    const { counts } = await until('both were let go of', 'collector', (now) => now.counts.droppedTraces === 2);
    expect(counts).toMatchObject({ queuedTraces: 0, sentTraces: 0 });
  });

  it('R25: appears in log and status without what its headers hold, even when it repeats it', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith({
      status: 401,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: `no tenant has the key ${TOKEN}` }),
    });
    const { record, until, desk, warnings, defects } = await openDesk({
      endpoints: { collector: endpointAt(receiver.url, { headers: { 'x-api-key': TOKEN } }) },
    });
    await record([spanNow(1)]);
    const status = await until('it was let go of', 'collector', ({ counts }) => counts.droppedTraces === 1);
    expect(receiver.requests[0]?.headers['x-api-key']).toBe(TOKEN);
    expect(status.lastError).toContain('no tenant has the key');
    expect(status.headerNames).toEqual(['x-api-key']);
    expect(JSON.stringify([status, await desk.watch(null, 0), warnings, defects])).not.toContain(TOKEN);
  });
});

describe('the end of the gateway', () => {
  it('R86: sends what is finished, and what has ended of traces that are not', async () => {
    const receiver = await startHttpReceiver();
    const { desk, store } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    store.put({
      spans: [spanNow(1), spanNow(2, { endTime: null }), spanNow(3, { traceId: traceIdOf(2) })],
      payloads: [],
    });
    desk.announceStop(20_000);
    await desk.stop();
    expect([...spanNames(receiver.requests)].sort()).toEqual(['span 1', 'span 3']);
  });

  it('R86: tries once more what was refused for now', async () => {
    const receiver = await startHttpReceiver();
    receiver.answerWith({ status: 503 });
    const { desk, store } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    store.put({ spans: [spanNow(1)], payloads: [] });
    desk.announceStop(20_000);
    await desk.stop();
    expect(spanNames(receiver.requests)).toEqual(['span 1', 'span 1']);
  });

  it('R86: waits for an endpoint that does not answer no longer than announced, and says what was not sent', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith('hang');
    const endpoint = endpointAt(receiver.url, { timeoutMs: 600_000 });
    const { desk, record, warnings } = await openDesk({ endpoints: { collector: endpoint } });
    await record([spanNow(1)]);
    await receiver.received(1);
    desk.announceStop(100);
    await desk.stop();
    expect(warnings.join('\n')).toContain('One trace was not sent to endpoint "collector".');
  });

  it('R86: does not wait for an endpoint where nobody is', async () => {
    const receiver = await startHttpReceiver();
    await receiver.close();
    const { desk, record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1)]);
    await until('it failed', 'collector', ({ state }) => state === 'failing');
    desk.announceStop(600_000);
    await desk.stop();
    expect((await desk.watch(null, 0)).endpoints[0]?.counts).toMatchObject({ sentTraces: 0, queuedTraces: 1 });
  });
});

describe('a history that moves', () => {
  it('R84: is not sent when it comes along, and neither is what was sent before', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ traceId: traceIdOf(7) })], payloads: [] });
    await store.flush();
    const receiver = await startHttpReceiver();
    const { record, until } = await openDesk({ store, endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1)]);
    await until('it was sent', 'collector', ({ counts }) => counts.sentTraces === 1);
    await store.moveTo(join(temporaryFolder(), 'traces.db'));
    await record([spanNow(2)]);
    await until('the next was sent', 'collector', ({ counts }) => counts.sentTraces === 2);
    expect(spanNames(receiver.requests)).toEqual(['span 1', 'span 2']);
  });
});
