import { describe, expect, it } from 'vitest';
import type { OtlpProtocol } from '../../../src/shared/domain/forwarding.ts';
import { makePayload, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';
import {
  AUTHORITY_FILE,
  spanNames,
  spansOf,
  startGrpcReceiver,
  startHttpReceiver,
} from '../../support/forward-receiver.ts';
import { endpointAt, openDesk, spanNow } from './desk-stage.ts';

const SECRET = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5';

describe('what is sent to an endpoint', () => {
  it.each<OtlpProtocol>(['http/protobuf', 'http/json', 'grpc'])(
    'R84: is every finished trace, over %s, with nothing lost of its spans',
    async (protocol) => {
      const receiver = await (protocol === 'grpc' ? startGrpcReceiver() : startHttpReceiver());
      const { record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url, { protocol }) } });
      const child = spanNow(2, { traceId: traceIdOf(1), parentSpanId: spanIdOf(1), attributes: { n: 1.5, ok: true } });
      const spans = [spanNow(1, { attributes: { 'rpc.system': 'mcp' } }), child];
      await record(spans);
      const [request] = await receiver.received(1);
      if (request === undefined) throw new Error('No request came.');
      expect(
        spansOf(request, spans)
          .map(({ spanId }) => spanId)
          .sort(),
      ).toEqual([spanIdOf(1), spanIdOf(2)]);
      const { counts } = await until('it was counted', 'collector', ({ state }) => state === 'idle');
      expect(counts).toEqual({ sentTraces: 1, sentSpans: 2, queuedTraces: 0, droppedTraces: 0, rejectedSpans: 0 });
    },
  );

  it('R85: goes over TLS to a receiver whose authority is named', async () => {
    const receiver = await startHttpReceiver({ tls: true });
    const endpoint = endpointAt(receiver.url, { certificateFile: AUTHORITY_FILE });
    const { record } = await openDesk({ endpoints: { collector: endpoint } });
    await record([spanNow(1)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 1']);
  });

  it('R84: is chosen for each endpoint by its filter and by its payload policy', async () => {
    const [all, failures] = [await startHttpReceiver(), await startHttpReceiver()];
    const { record } = await openDesk({
      endpoints: {
        all: endpointAt(all.url, { payloads: { requests: ['tool.invoke'], responses: 'none' } }),
        failures: endpointAt(failures.url, {
          filter: 'status:error',
          protocol: 'http/json',
          payloads: { requests: 'none', responses: 'all' },
        }),
      },
    });
    const bodies = (number: number) => [
      makePayload({ traceId: traceIdOf(number), spanId: spanIdOf(number), text: `{"asked":${number}}` }),
      makePayload({
        traceId: traceIdOf(number),
        spanId: spanIdOf(number),
        direction: 'response',
        text: `{"said":${number}}`,
      }),
    ];
    await record([spanNow(1, { name: 'tool.invoke' })], bodies(1));
    await record([spanNow(2, { name: 'prompt.render', status: { code: 'error', message: 'no' } })], bodies(2));
    await failures.received(1);
    await all.received(1);
    await expect.poll(() => [...spanNames(all.requests)].sort()).toEqual(['prompt.render', 'tool.invoke']);
    expect(spanNames(failures.requests)).toEqual(['prompt.render']);
    const textOf = (requests: readonly { body: Uint8Array }[]): string =>
      requests.map(({ body }) => Buffer.from(body).toString('latin1')).join();
    expect(textOf(all.requests)).toContain('"asked":1');
    expect(textOf(all.requests)).not.toMatch(/"asked":2|"said"/);
    expect(textOf(failures.requests)).toContain('\\"said\\":2');
    expect(textOf(failures.requests)).not.toContain('asked');
  });

  it('R84: holds no body unless the endpoint’s policy says so', async () => {
    const receiver = await startHttpReceiver();
    const { record } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1)], [makePayload({ text: '{"secretive":1}' })]);
    const [request] = await receiver.received(1);
    expect(Buffer.from(request?.body ?? []).toString('latin1')).not.toMatch(/secretive|throughline\.payload/);
  });

  it('R84: is a trace once it has ended, and then only what came later', async () => {
    const receiver = await startHttpReceiver();
    const { record, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    const late = spanNow(2, { traceId: traceIdOf(1), parentSpanId: spanIdOf(1) });
    await record([spanNow(1, { endTime: null }), late]);
    await record([spanNow(9)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 9']);
    await record([spanNow(1)]);
    await receiver.received(2);
    expect([...spanNames(receiver.requests)].sort()).toEqual(['span 1', 'span 2', 'span 9']);
    await record([spanNow(3, { traceId: traceIdOf(1), parentSpanId: spanIdOf(2) })]);
    await receiver.received(3);
    expect(spanNames(receiver.requests.slice(2))).toEqual(['span 3']);
    const { counts } = await until('it was counted', 'collector', ({ state }) => state === 'idle');
    expect(counts).toMatchObject({ sentTraces: 2, sentSpans: 4 });
  });

  it('R84: is what has ended of a trace that goes on for long, and the rest when it ends', async () => {
    const receiver = await startHttpReceiver();
    const { record } = await openDesk({
      endpoints: { collector: endpointAt(receiver.url) },
      limits: { lingerMs: 50 },
    });
    await record([spanNow(1, { endTime: null }), spanNow(2, { traceId: traceIdOf(1), parentSpanId: spanIdOf(1) })]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 2']);
    await record([spanNow(1)]);
    await receiver.received(2);
    expect(spanNames(receiver.requests)).toEqual(['span 2', 'span 1']);
  });

  it('R84: comes in several requests when it is a lot, each span once', async () => {
    const receiver = await startHttpReceiver();
    const endpoint = endpointAt(receiver.url, { protocol: 'http/json' });
    const { record, until } = await openDesk({ endpoints: { collector: endpoint } });
    const spans = Array.from({ length: 1_300 }, (_none, index) =>
      spanNow(1, { spanId: spanIdOf(index + 1), name: `span ${index}` }),
    );
    await record(spans);
    const { counts } = await until('all of it was sent', 'collector', ({ counts: now }) => now.sentTraces === 1);
    expect(counts.sentSpans).toBe(1_300);
    expect(receiver.requests.length).toBeGreaterThan(2);
    expect(new Set(spanNames(receiver.requests)).size).toBe(1_300);
    expect(spanNames(receiver.requests)).toHaveLength(1_300);
  });

  it('R84: is nothing of what was recorded before the gateway started', async () => {
    const store = await openStore();
    store.put({ spans: [spanNow(1)], payloads: [] });
    await store.flush();
    const receiver = await startHttpReceiver();
    const { record } = await openDesk({ store, endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(2)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 2']);
  });

  it('R84: is nothing of what was imported from a file', async () => {
    const receiver = await startHttpReceiver();
    const { record, imported } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    imported.add(traceIdOf(1));
    await record([spanNow(1)]);
    await record([spanNow(2)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 2']);
  });

  it('R91: is nothing that its caller does not sample, unless the endpoint takes everything', async () => {
    const [caller, all] = [await startHttpReceiver(), await startHttpReceiver()];
    const { record, until } = await openDesk({
      endpoints: { caller: endpointAt(caller.url), all: endpointAt(all.url, { sampling: 'all' }) },
    });
    const saying = (number: number, sampled: boolean) =>
      spanNow(number, { attributes: { 'throughline.caller.sampled': sampled }, parentIsRemote: true });
    await record([saying(1, false)]);
    await record([saying(2, true)]);
    await record([spanNow(3)]);
    await until('all was sent', 'all', ({ counts }) => counts.sentTraces === 3);
    await until('two were sent', 'caller', ({ counts }) => counts.sentTraces === 2);
    expect([...spanNames(all.requests)].sort()).toEqual(['span 1', 'span 2', 'span 3']);
    expect([...spanNames(caller.requests)].sort()).toEqual(['span 2', 'span 3']);
    expect(await until('nothing waits', 'caller', ({ state }) => state === 'idle')).toMatchObject({
      counts: { queuedTraces: 0, droppedTraces: 0 },
    });
  });

  it('R26: is redacted with the rules of the moment at which it leaves', async () => {
    const receiver = await startHttpReceiver();
    receiver.alwaysAnswerWith({ status: 503 });
    const { record, redactor, until } = await openDesk({ endpoints: { collector: endpointAt(receiver.url) } });
    await record([spanNow(1, { attributes: { note: 'plum-kettle' } })]);
    await receiver.received(1);
    const rule = { id: 'project', match: { type: 'value', value: 'plum-kettle' }, action: 'mask' } as const;
    redactor.apply({ rules: [rule], builtIn: {} });
    // Of those that come now, one may have been on its way when the rule was made.
    await receiver.received(receiver.requests.length + 2);
    receiver.alwaysAnswerWith(null);
    await until('it was sent', 'collector', ({ counts }) => counts.sentTraces === 1);
    const last = Buffer.from(receiver.requests.at(-1)?.body ?? []).toString('latin1');
    expect(last).toContain('span 1');
    expect(last).not.toContain('plum-kettle');
  });

  it('S25: is nothing in which a secret is found, and the log says where, not what', async () => {
    const receiver = await startHttpReceiver();
    const { record, until, warnings } = await openDesk({
      endpoints: { collector: endpointAt(receiver.url) },
      control: { spanAgain: (span) => span },
    });
    await record([spanNow(1, { attributes: { note: `see ${SECRET}` } })]);
    const { counts, lastError } = await until('it was let go of', 'collector', (now) => now.counts.droppedTraces === 1);
    await record([spanNow(2)]);
    expect(spanNames(await receiver.received(1))).toEqual(['span 2']);
    expect(counts.sentTraces).toBe(0);
    expect(lastError).toContain('holds what the rule');
    expect(JSON.stringify([lastError, warnings])).not.toContain(SECRET);
  });
});
