import { describe, expect, it } from 'vitest';
import { encodeTraces } from '../../../src/otlp/encode-traces.ts';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import { createImportedTraces } from '../../../src/runtime/forwarding/imported-traces.ts';
import { createSpanIngest } from '../../../src/runtime/ingest/span-ingest.ts';
import { createTraceImports } from '../../../src/runtime/ingest/trace-imports.ts';
import { createTraceExports } from '../../../src/runtime/trace-exports.ts';
import { manyTraces } from '../../otlp/many-traces.ts';
import { expectSameByBothDecoders } from '../../support/otlp-decoders.ts';
import { openStore } from '../../support/open-store.ts';

const TRACES = 10_000;

/** Takes a file into a store of its own and gives what leaves it again, as a session and as protobuf. */
async function passed(file: Uint8Array) {
  const store = await openStore({ budgetBytes: 1024 * 1024 * 1024 });
  // One key, so that what is hidden has one hash.
  const redactor = createRedactor({ hashKey: new Uint8Array(32) });
  const ingest = createSpanIngest({ redactor, store, recorder: { isWaiting: () => false } });
  const imports = createTraceImports({ ingest, store, imported: createImportedTraces() });
  const exports = createTraceExports(store, redactor);
  const report = await imports.file('many.jsonl', file);
  const leaving = async (format: 'session' | 'otlp-proto') =>
    (await exports.selected({ query: '' }, { format, withPayloads: true })).bytes;
  return { report, session: await leaving('session'), protobuf: await leaving('otlp-proto') };
}

describe('10,000 traces through a store', () => {
  it('R96: imported, exported and imported again are identical', { timeout: 600_000 }, async () => {
    const { spans, payloads } = manyTraces(TRACES, 7);
    const file = encodeTraces(spans, payloads, { format: 'session', withPayloads: true });
    const once = await passed(file);
    expect(once.report).toMatchObject({
      ...{ format: 'Throughline session', traces: TRACES, spans: spans.length, payloads: payloads.length },
      ...{ skipped: 0, problems: [] },
    });
    const again = await passed(once.session);
    expect(again.report).toEqual(once.report);
    expect(Buffer.compare(again.session, once.session)).toBe(0);
    expect(Buffer.compare(again.protobuf, once.protobuf)).toBe(0);
    expect(expectSameByBothDecoders(again.protobuf)).toHaveLength(spans.length);
  });
});
