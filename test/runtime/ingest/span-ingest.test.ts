import { describe, expect, it } from 'vitest';
import type { DecodedTraces } from '../../../src/otlp/decoded.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import { createReceiverTally } from '../../../src/runtime/ingest/receiver-counts.ts';
import { createSpanIngest, type SpanIngest } from '../../../src/runtime/ingest/span-ingest.ts';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import type { StoreBatch, TraceStore } from '../../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const redactor = createRedactor({ hashKey: new Uint8Array(32) });
const nothingWaits = { isWaiting: () => false };

function decoded(count: number, more: Partial<DecodedTraces> = {}): DecodedTraces {
  const spans = Array.from({ length: count }, (_, index) => ({
    record: makeSpan({ spanId: spanIdOf(index + 1) }),
    findings: [],
  }));
  return { spans, payloads: [], rejectedSpans: 0, problems: [], ...more };
}

/** A store that only notes what it is handed. */
function notingStore(flush: () => Promise<void> = async () => undefined) {
  const batches: StoreBatch[] = [];
  const store: Pick<TraceStore, 'put' | 'flush'> = { put: (batch) => void batches.push(batch), flush };
  return { batches, store };
}

const ignore = (): void => undefined;

async function takenBy(ingest: SpanIngest, pieces: Iterable<DecodedTraces>): Promise<readonly RedactedSpan[]> {
  const spans: RedactedSpan[] = [];
  await ingest.take(pieces, (span) => spans.push(span));
  return spans;
}

describe('the way in of spans that others made', () => {
  it('R96: hands them over as foreign, redacted, each with its bodies, and counts', async () => {
    const { batches, store } = notingStore();
    const ingest = createSpanIngest({ redactor, store, recorder: nothingWaits });
    const body = { ...makePayload({ spanId: spanIdOf(2), text: '{"password":"hunter2hunter2"}' }), findings: [] };
    const orphan = { ...makePayload({ spanId: spanIdOf(9) }), findings: [] };
    const piece = decoded(2, { payloads: [body, orphan], rejectedSpans: 3, problems: ['One.', 'Two.'] });
    const taken = await ingest.take([piece, decoded(1, { rejectedSpans: 1, problems: ['Two.'] })], ignore);
    expect(taken).toEqual({ spans: 3, payloads: 1, rejected: 4, problems: ['One.', 'Two.'] });
    expect(batches.every(({ isForeign }) => isForeign)).toBe(true);
    expect(batches.flatMap(({ payloads }) => payloads)).toMatchObject([{ text: '{"password":"•••"}' }]);
  });

  it('R96: leaves out what the gateway has begun and not recorded yet, with its bodies', async () => {
    const { batches, store } = notingStore();
    const recorder = {
      isWaiting: (traceId: string, spanId: string) => traceId === traceIdOf(1) && spanId === spanIdOf(1),
    };
    const ingest = createSpanIngest({ redactor, store, recorder });
    const body = { ...makePayload(), findings: [] };
    expect((await takenBy(ingest, [decoded(2, { payloads: [body] })])).map(({ spanId }) => spanId)).toEqual([
      spanIdOf(2),
    ]);
    expect(batches.flatMap(({ payloads }) => payloads)).toEqual([]);
  });

  it('lets others run in between, and waits for the store before it holds much', async () => {
    let running = 0;
    let most = 0;
    const { batches, store } = notingStore(async () => {
      most = Math.max(most, batches.reduce((sum, { spans }) => sum + spans.length, 0) - running);
      running = batches.reduce((sum, { spans }) => sum + spans.length, 0);
    });
    const ingest = createSpanIngest({ redactor, store, recorder: nothingWaits });
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await ingest.take(
      Array.from({ length: 60 }, () => decoded(500)),
      ignore,
    );
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(60);
    expect(running).toBeGreaterThan(20_000);
    expect(most).toBeLessThan(6_000);
  });

  it('R96: drops nothing of 60,000 spans that come as fast as they can', { timeout: 120_000 }, async () => {
    const store = await openStore();
    const ingest = createSpanIngest({ redactor, store, recorder: nothingWaits });
    const pieces = function* (trace: number): Generator<DecodedTraces> {
      for (let piece = 0; piece < 20; piece += 1) {
        const spans = Array.from({ length: 500 }, (_, index) => ({
          record: makeSpan({ traceId: traceIdOf(trace), spanId: spanIdOf(piece * 500 + index + 1) }),
          findings: [],
        }));
        yield { spans, payloads: [], rejectedSpans: 0, problems: [] };
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, trace) => ingest.take(pieces(trace + 1), ignore)));
    expect(await store.stats()).toMatchObject({ spans: 60_000, traces: 6, droppedSpans: 0 });
  });

  it('says so when the store could not keep them', async () => {
    const { store } = notingStore(() => Promise.reject(new Error('disk full')));
    const ingest = createSpanIngest({ redactor, store, recorder: nothingWaits });
    await expect(
      ingest.take(
        Array.from({ length: 20 }, () => decoded(500)),
        ignore,
      ),
    ).rejects.toThrow('disk full');
  });
});

describe('what came over OTLP', () => {
  it('is counted, with the latest services first', () => {
    const tally = createReceiverTally();
    tally.took({ spans: 3, payloads: 0, rejected: 2, problems: [] });
    tally.refused();
    for (let number = 0; number < 30; number += 1)
      tally.span(
        makeSpan({ origin: { resource: { 'service.name': `s${number % 25}` }, scopeName: '', scopeVersion: null } }),
      );
    tally.span(makeSpan({ origin: { resource: {}, scopeName: '', scopeVersion: null } }));
    const { services, ...counts } = tally.counts();
    expect(counts).toEqual({ acceptedSpans: 3, rejectedSpans: 2, requests: 2, refusedRequests: 1 });
    expect(services.slice(0, 7)).toEqual(['s4', 's3', 's2', 's1', 's0', 's24', 's23']);
    expect(services).toHaveLength(20);
  });
});
