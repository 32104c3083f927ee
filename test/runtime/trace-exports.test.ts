import { describe, expect, it } from 'vitest';
import type { RedactionControl } from '../../src/redaction/port.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { ExportBlocked } from '../../src/runtime/redaction/export-guard.ts';
import { createTraceExports } from '../../src/runtime/trace-exports.ts';
import type { ExportFormat } from '../../src/runtime/services.ts';
import type { TraceStore } from '../../src/store/port.ts';
import { unixNano } from '../../src/shared/domain/ids.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

const FORMATS: readonly ExportFormat[] = ['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'];
const EVERYTHING = { query: '' };
const SECRET = 'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5';

function newRedactor() {
  return createRedactor({ hashKey: new Uint8Array(32) });
}

/** A redactor that lets everything through; its last look at what leaves still works. */
function broken(): RedactionControl {
  return { ...newRedactor(), spanAgain: (span) => span, payloadAgain: (payload) => payload };
}

/** As if somebody had written past the redactor: straight into the store. */
async function storeWith(attributes: Record<string, string>, body = '{}'): Promise<TraceStore> {
  const store = await openStore();
  store.put({ spans: [makeSpan({ attributes })], payloads: [makePayload({ text: body })] });
  await store.flush();
  return store;
}

describe('what leaves the store', () => {
  it.each(FORMATS)('R26: %s is redacted again with the rules of now', async (format) => {
    const store = await storeWith(
      { 'http.target': SECRET, note: 'harmless' },
      `{"text":"${SECRET}","also":"harmless"}`,
    );
    const exports = createTraceExports(store, newRedactor());
    for (const bytes of [
      await exports.trace(traceIdOf(1), { format, withPayloads: true }),
      (await exports.selected(EVERYTHING, { format, withPayloads: true })).bytes,
    ]) {
      const text = Buffer.from(bytes ?? []).toString('latin1');
      expect(text).toContain('harmless');
      expect(text).not.toContain(SECRET);
    }
  });

  it.each(FORMATS)('S25: %s does not leave when the redactor let something through', async (format) => {
    const planted = [
      { store: await storeWith({ note: `see ${SECRET}` }), withPayloads: false },
      { store: await storeWith({ authorization: 'Bearer correct-horse-battery' }), withPayloads: false },
      { store: await storeWith({}, '{"password":"correct horse battery"}'), withPayloads: true },
    ];
    for (const { store, withPayloads } of planted) {
      const exports = createTraceExports(store, broken());
      await expect(exports.trace(traceIdOf(1), { format, withPayloads })).rejects.toThrow(ExportBlocked);
      await expect(exports.selected(EVERYTHING, { format, withPayloads })).rejects.toThrow(ExportBlocked);
    }
  });

  it('S25: says which rule, where and what to do, and not what', async () => {
    const exports = createTraceExports(await storeWith({ note: `see ${SECRET}` }), broken());
    const failure = await exports.trace(traceIdOf(1), { format: 'otlp-json', withPayloads: false }).catch(String);
    expect(failure).toMatch(/line 1, column \d+/);
    expect(failure).toContain('github-token');
    expect(failure).toContain('redacted again');
    expect(failure).not.toContain(SECRET);
  });

  it('R22: bodies stay here unless they are asked for', async () => {
    const exports = createTraceExports(await storeWith({}, '{"word":"marker"}'), newRedactor());
    const of = async (withPayloads: boolean): Promise<string> =>
      Buffer.from((await exports.trace(traceIdOf(1), { format: 'otlp-json', withPayloads })) ?? []).toString();
    expect(await of(false)).not.toContain('marker');
    expect(await of(true)).toContain('marker');
  });

  it.each(FORMATS)('R26: a long trace leaves as %s in one piece, with all its spans, or not at all', async (format) => {
    const store = await openStore();
    const spans = Array.from({ length: 300 }, (_, index) =>
      makeSpan({
        spanId: spanIdOf(index + 1),
        name: `span ${index + 1}.`,
        attributes: index === 280 ? { note: SECRET } : {},
      }),
    );
    store.put({ spans, payloads: [makePayload({ spanId: spanIdOf(300), text: '{"word":"marker"}' })] });
    await store.flush();
    const options = { format, withPayloads: true };
    const { bytes } = await createTraceExports(store, newRedactor()).selected(EVERYTHING, options);
    const text = Buffer.from(bytes).toString('latin1');
    for (let number = 1; number <= 300; number += 1) expect(text).toContain(`span ${number}.`);
    expect(text).toContain('marker');
    if (format === 'session') expect(text.trimEnd().split('\n')).toHaveLength(2);
    if (format === 'otlp-jsonl') expect(text.trimEnd().split('\n')).toHaveLength(1);
    if (format === 'otlp-json') JSON.parse(text);
    await expect(createTraceExports(store, broken()).trace(traceIdOf(1), options)).rejects.toThrow(ExportBlocked);
  });

  it('joins the traces of an export of everything, oldest first, as they are on their own', async () => {
    const store = await openStore();
    const spans = [1, 2, 3].map((number) => makeSpan({ traceId: traceIdOf(number), spanId: spanIdOf(number) }));
    store.put({ spans: [...spans, makeSpan({ traceId: traceIdOf(4), endTime: null })], payloads: [] });
    await store.flush();
    const exports = createTraceExports(store, newRedactor());
    const selected = await exports.selected(EVERYTHING, { format: 'otlp-json', withPayloads: false });
    const all = Buffer.from(selected.bytes).toString();
    const parsed = JSON.parse(all) as { resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[] };
    const ids = parsed.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(ids.map(({ traceId }) => traceId).sort()).toEqual([1, 2, 3].map(traceIdOf));
  });

  it('leaves with what matches a filter, or with what is named, oldest first', async () => {
    const store = await openStore();
    for (const number of [3, 1, 2]) {
      const startTime = unixNano(1_764_000_000_000_000_000n + BigInt(number) * 1_000_000_000n);
      const name = number === 2 ? 'two' : 'other';
      const span = { traceId: traceIdOf(number), spanId: spanIdOf(number), startTime, endTime: startTime, name };
      store.put({ spans: [makeSpan(span)], payloads: [] });
    }
    await store.flush();
    const exports = createTraceExports(store, newRedactor());
    const options = { format: 'otlp-jsonl', withPayloads: false } as const;
    const idsIn = (bytes: Uint8Array) =>
      [
        ...Buffer.from(bytes)
          .toString()
          .matchAll(/"traceId":"0*(\d)"/g),
      ].map(([, id]) => id);
    const matching = await exports.selected({ query: 'name:two' }, options);
    expect({ ...matching, bytes: idsIn(matching.bytes) }).toEqual({ traces: 1, bytes: ['2'] });
    const named = await exports.selected({ traceIds: [3, 9, 1].map(traceIdOf) }, options);
    expect({ ...named, bytes: idsIn(named.bytes) }).toEqual({ traces: 2, bytes: ['1', '3'] });
    expect((await exports.selected({ traceIds: [traceIdOf(9)] }, options)).traces).toBe(0);
    await expect(exports.selected({ query: 'bad:' }, options)).rejects.toThrow();
  });

  it('is a session with bodies and findings, whether bodies were asked for or not', async () => {
    const redactor = newRedactor();
    const store = await openStore();
    store.put({
      spans: [redactor.span(makeSpan({ attributes: { authorization: `Bearer ${SECRET}` } }))],
      payloads: [redactor.payload({ ...makePayload(), text: '{"password":"hunter2hunter2"}' })],
    });
    await store.flush();
    const options = { format: 'session', withPayloads: false } as const;
    const exports = createTraceExports(store, redactor);
    const whole = Buffer.from((await exports.selected(EVERYTHING, options)).bytes).toString();
    expect(whole).toContain('throughline.payload.request.findings');
    expect(whole).toContain('throughline.findings');
    expect(Buffer.from((await exports.trace(traceIdOf(1), options)) ?? []).toString()).toBe(whole);
  });
});
