import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/redaction/redactor.ts';
import { createImportedTraces } from '../../../src/runtime/forwarding/imported-traces.ts';
import { createSpanIngest } from '../../../src/runtime/ingest/span-ingest.ts';
import { createTraceImports } from '../../../src/runtime/ingest/trace-imports.ts';
import { createTraceExports } from '../../../src/runtime/trace-exports.ts';
import type { ExportFormat, TraceExports, TraceImports } from '../../../src/runtime/services.ts';
import { unixNano } from '../../../src/shared/domain/ids.ts';
import type { TraceStore } from '../../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

interface Gateway {
  readonly store: TraceStore;
  readonly redactor: ReturnType<typeof createRedactor>;
  readonly imports: TraceImports;
  readonly exports: TraceExports;
}

/** A store with ways in and out, and a redactor of its own. */
async function newGateway(key: number): Promise<Gateway> {
  const store = await openStore({ budgetBytes: 1024 * 1024 * 1024 });
  const redactor = createRedactor({ hashKey: new Uint8Array(32).fill(key) });
  const ingest = createSpanIngest({ redactor, store, recorder: { isWaiting: () => false } });
  return {
    store,
    redactor,
    imports: createTraceImports({ ingest, store, imported: createImportedTraces() }),
    exports: createTraceExports(store, redactor),
  };
}

const EVERYTHING = { query: '' };
const BEGIN = 1_764_000_000_000_000_000n;

/** Puts traces as a gateway records them: with secrets hidden, bodies, events, links and an error. */
function record({ store, redactor }: Gateway, traces: number): Promise<void> {
  for (let number = 1; number <= traces; number += 1) {
    const at = (nanos: bigint) => unixNano(BEGIN + BigInt(number) * 1_000_000n + nanos);
    const ids = { traceId: traceIdOf(number), startTime: at(1n), endTime: at(999n) };
    const root = makeSpan({ ...ids, attributes: { number, 'http.target': `/mcp?token=secret-${number}-of-mine` } });
    const child = makeSpan({
      ...ids,
      spanId: spanIdOf(2),
      parentSpanId: spanIdOf(1),
      name: 'tool.invoke',
      kind: 'client',
      traceState: 'vendor=1',
      status: { code: 'error', message: `no ${number}` },
      attributes: { list: ['a', 'b'], ratio: number + 0.5, yes: true, authorization: 'Bearer correct-horse-battery' },
      events: [{ name: 'said', time: at(5n), attributes: { password: `hunter-${number}-hunter` } }],
      links: [{ traceId: traceIdOf(number), spanId: spanIdOf(1), attributes: { why: 'link' } }],
    });
    const text = JSON.stringify({ method: 'tools/call', params: { password: `hunter-${number}-hunter`, number } });
    const payload = redactor.payload({ ...makePayload(), ...ids, spanId: spanIdOf(2), text });
    store.put({ spans: [redactor.span(root), redactor.span(child)], payloads: [payload] });
  }
  return store.flush();
}

async function fileOf({ exports }: Gateway, format: ExportFormat): Promise<string> {
  return Buffer.from((await exports.selected(EVERYTHING, { format, withPayloads: true })).bytes).toString('latin1');
}

describe('files that are taken in', () => {
  it.each<ExportFormat>(['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'])(
    'R22: what was exported as %s, imported and exported again is identical',
    async (format) => {
      const first = await newGateway(1);
      await record(first, 100);
      const written = await fileOf(first, format);
      const second = await newGateway(2);
      const report = await second.imports.file('traces', Buffer.from(written, 'latin1'));
      expect(report).toMatchObject({ traces: 100, spans: 200, payloads: 100, skipped: 0, problems: [] });
      expect(report.newestTraceId).toBe(traceIdOf(100));
      expect(await fileOf(second, format)).toBe(written);
    },
  );

  it(
    'R96: 10,000 traces as a session are identical after two ways, and a second time change nothing',
    { timeout: 240_000 },
    async () => {
      const first = await newGateway(1);
      await record(first, 10_000);
      const written = await fileOf(first, 'session');
      const second = await newGateway(2);
      const bytes = Buffer.from(written, 'latin1');
      expect(await second.imports.file('all.jsonl', bytes)).toMatchObject({
        format: 'Throughline session',
        traces: 10_000,
        spans: 20_000,
        payloads: 10_000,
      });
      expect(await fileOf(second, 'session')).toBe(written);
      const before = await second.store.stats();
      await second.imports.file('all.jsonl', bytes);
      expect(await second.store.stats()).toEqual(before);
      const [own, imported] = await Promise.all([first, second].map(({ store }) => store.trace(traceIdOf(5_000))));
      expect(imported?.spans).toEqual(own?.spans);
      expect(imported?.payloads).toEqual(own?.payloads);
      expect({ ...imported?.summary, revision: 0 }).toEqual({ ...own?.summary, revision: 0 });
    },
  );

  it('S25: of a file that holds secrets nothing is kept, whatever it says was hidden', async () => {
    const { imports, store } = await newGateway(1);
    const secret = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5';
    const value = (stringValue: string) => ({ stringValue });
    const attributes = [
      { key: 'note', value: value(secret) },
      { key: 'throughline.payload.request', value: value(`{"word":"${secret}"}`) },
      {
        key: 'throughline.findings',
        value: value(
          `[{"path":"/attributes/note","start":0,"end":40,"rule":"${secret}","kind":"x","length":"1-8","hash":"${'a'.repeat(16)}"}]`,
        ),
      },
    ];
    const times = { startTimeUnixNano: '1764000000000000000', endTimeUnixNano: '1764000000000000001' };
    const spans = [{ traceId: traceIdOf(1), spanId: spanIdOf(1), name: secret, ...times, attributes }];
    const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    await imports.file('leaky.json', Buffer.from(text));
    const kept = JSON.stringify(
      [await store.trace(traceIdOf(1)), await store.payloads(traceIdOf(1))],
      (_, held: unknown) => (typeof held === 'bigint' ? '' : held),
    );
    expect(kept).toContain('•••');
    expect(kept).not.toContain(secret);
  });

  it('that cannot be read are refused by name, and leave the next alone', async () => {
    const { imports } = await newGateway(1);
    const attempts = ['', 'hello', '{"a":1}', '\x89PNG\r\n'].map((text, index) =>
      imports.file(`file ${index}`, Buffer.from(text, 'latin1')).catch(String),
    );
    for (const [index, sentence] of (await Promise.all(attempts)).entries())
      expect(sentence).toMatch(new RegExp(`^UserError: file ${index} .*\\.$`));
    expect(await imports.file('empty.json', Buffer.from('{"resourceSpans":[]}'))).toMatchObject({
      traces: 0,
      newestTraceId: null,
    });
  });
});
