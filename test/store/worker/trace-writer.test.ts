import { describe, expect, it } from 'vitest';
import type { RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { encodePayloads } from '../../../src/store/codec/payload-rows.ts';
import { encodeSpans } from '../../../src/store/codec/span-rows.ts';
import type { EncodedBatch } from '../../../src/store/worker/protocol.ts';
import { openDatabase } from '../../../src/store/worker/database.ts';
import { RemovedLog } from '../../../src/store/worker/removed-log.ts';
import { SecretTrail } from '../../../src/store/worker/secret-trail.ts';
import { StoreTotals } from '../../../src/store/worker/store-totals.ts';
import { TraceCache } from '../../../src/store/worker/trace-cache.ts';
import { TraceList } from '../../../src/store/worker/trace-list.ts';
import { TraceWriter } from '../../../src/store/worker/trace-writer.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';

function encodeBatch(spans: RedactedSpan[], payloads: RedactedPayload[]): EncodedBatch {
  const traceIds = [...new Set([...spans, ...payloads].map(({ traceId }) => traceId))];
  const bodies = traceIds.map((id) => encodePayloads(payloads.filter(({ traceId }) => traceId === id)));
  return {
    traceIds,
    spans: traceIds.map((id) => encodeSpans(spans.filter(({ traceId }) => traceId === id))),
    payloads: bodies.map((body) => body.payloads),
    texts: bodies.map((body) => body.texts),
  };
}

function openParts() {
  const database = openDatabase(null);
  const totals = new StoreTotals(database, { bytes: 1e9, traces: 0, days: 0 });
  const removed = new RemovedLog(0);
  const writer = new TraceWriter(database, totals, removed, new SecretTrail(database), Date.now);
  const list = new TraceList(database, totals, removed);
  const store = (spans: RedactedSpan[], payloads: RedactedPayload[] = []) => writer.store(encodeBatch(spans, payloads));
  return { database, totals, list, store };
}

const named = (number: number, name: string) =>
  makeSpan({
    spanId: spanIdOf(number),
    parentSpanId: number === 1 ? null : spanIdOf(1),
    name,
    attributes: { 'throughline.server.id': name },
  });

describe('a batch that cannot be stored', () => {
  it('leaves everything as it was, and the next one is stored as if it had never been', () => {
    const { database, totals, list, store } = openParts();
    store([named(1, 'first')]);
    const before = { list: list.list('', 10), stats: totals.stats(), revision: totals.revision };
    // The last thing a batch writes: by then every other table holds it.
    database.exec("CREATE TRIGGER broken BEFORE INSERT ON store_totals BEGIN SELECT raise(ABORT, 'disk full'); END");
    expect(() => store([named(2, 'lost'), makeSpan({ traceId: traceIdOf(2) })], [makePayload()])).toThrow('disk full');
    expect({ list: list.list('', 10), stats: totals.stats(), revision: totals.revision }).toEqual(before);

    database.exec('DROP TRIGGER broken');
    store([named(2, 'second'), named(3, 'lost')]);
    expect(list.list('server:second server:lost', 10)).toMatchObject([
      { spanCount: 3, serverIds: ['first', 'lost', 'second'], payloadBytes: 0 },
    ]);
    expect(totals.stats()).toMatchObject({ traces: 1, spans: 3 });
  });
});

describe('aggregates in memory', () => {
  it('are let go of when they hold too many spans, and read again when their trace changes', () => {
    const { database, store } = openParts();
    store([named(1, 'root'), named(2, 'child')], [makePayload()]);
    store([makeSpan({ traceId: traceIdOf(2) }), makeSpan({ traceId: traceIdOf(2), spanId: spanIdOf(2) })]);
    const cache = new TraceCache(database, 3);
    const first = cache.get(traceIdOf(1));
    cache.trim();
    expect(cache.get(traceIdOf(1))).toBe(first);
    cache.get(traceIdOf(2));
    cache.trim();
    const again = cache.get(traceIdOf(1));
    expect(again).not.toBe(first);
    expect(again?.aggregate.summary()).toEqual(first?.aggregate.summary());
    expect(again?.partBytes).toBe(first?.partBytes);
    expect(again?.aggregate.takeChangedFacets()).toBeNull();
    expect(cache.get(traceIdOf(9))).toBeUndefined();
  });
});
