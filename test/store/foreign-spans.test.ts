import { describe, expect, it } from 'vitest';
import type { RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { TraceStore } from '../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

function putForeign(store: TraceStore, spans: RedactedSpan[], payloads: RedactedPayload[] = []): void {
  store.put({ spans, payloads, isForeign: true });
}

const forged = (name = 'forged'): RedactedSpan => makeSpan({ name, attributes: { forged: 'yes' } });

async function namesIn(store: TraceStore): Promise<string[]> {
  return ((await store.trace(traceIdOf(1)))?.spans ?? []).map(({ name }) => name).sort();
}

describe('spans that somebody else made', () => {
  it('R96: never replace one that is there, open or ended, before or after it was stored', async () => {
    const store = await openStore();
    store.put({ spans: [makeSpan({ name: 'ours', endTime: null })], payloads: [] });
    putForeign(store, [forged()], [makePayload({ text: '{"forged":true}' })]);
    expect(await namesIn(store)).toEqual(['ours']);
    putForeign(store, [forged()], [makePayload({ text: '{"forged":true}' })]);
    store.put({ spans: [makeSpan({ name: 'ours, ended' })], payloads: [] });
    putForeign(store, [forged()], [makePayload({ text: '{"forged":true}' })]);
    expect(await namesIn(store)).toEqual(['ours, ended']);
    expect(await store.payloads(traceIdOf(1))).toEqual([]);
    expect((await store.stats()).droppedSpans).toBe(0);
  });

  it('R96: that come twice count once, whatever came with them, also once the trace has been read anew', async () => {
    const store = await openStore();
    const first = makeSpan({ name: 'first', status: { code: 'error', message: null } });
    putForeign(store, [first, makeSpan({ name: 'again, in the same batch' })], [makePayload()]);
    const before = await store.trace(traceIdOf(1));
    const stats = await store.stats();
    putForeign(store, [first], [makePayload()]);
    expect((await store.trace(traceIdOf(1)))?.summary).toEqual(before?.summary);
    expect(await store.stats()).toEqual(stats);
    const second = makeSpan({ name: 'second', spanId: spanIdOf(2) });
    putForeign(store, [first, second], [makePayload(), makePayload({ spanId: spanIdOf(2), text: '{"second":1}' })]);
    const after = await store.trace(traceIdOf(1));
    expect(after?.spans.map(({ name }) => name).sort()).toEqual(['first', 'second']);
    expect(after?.summary).toMatchObject({ spanCount: 2, errorCount: before?.summary.errorCount });
    expect((await store.payloads(traceIdOf(1))).map(({ text }) => text).sort()).toEqual(
      [makePayload().text, '{"second":1}'].sort(),
    );
  });

  it('give way to the record of the gateway, which may be on its way still', async () => {
    const store = await openStore();
    putForeign(store, [forged()]);
    store.put({ spans: [makeSpan({ name: 'ours' })], payloads: [] });
    expect(await namesIn(store)).toEqual(['ours']);
  });

  it('bring no bodies but their own', async () => {
    const store = await openStore();
    putForeign(store, [makeSpan()], [makePayload({ spanId: spanIdOf(9) }), makePayload({ traceId: traceIdOf(7) })]);
    expect(await store.payloads(traceIdOf(1))).toEqual([]);
    expect(await store.list('', 10)).toHaveLength(1);
  });
});
