import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { INITIAL_SCHEMA } from '../../../src/store/schema/001-initial.ts';
import type { RedactedPayload, RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

async function freshFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-migration-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'traces.db');
}

/** A span as schema 1 wrote it. */
function bodyOf(span: RedactedSpan): string {
  return JSON.stringify(span, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

const FINDING = { path: '/a', start: 0, end: 3, rule: 'key-name', kind: 'token', length: '1-8', hash: 'ab' } as const;

const call = makeSpan({
  attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'echo', custom: [1, 2] },
  traceState: 'a=b',
  status: { code: 'error', message: 'it failed' },
  events: [{ name: 'exception', time: makeSpan().startTime, attributes: { 'exception.message': 'boom' } }],
  links: [{ traceId: traceIdOf(8), spanId: spanIdOf(8), attributes: {} }],
  dropped: { attributes: 0, events: 1, links: 0 },
  findings: [FINDING],
});
const child = makeSpan({ spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: 'tool.invoke', kind: 'internal' });
const health = makeSpan({ traceId: traceIdOf(2), kind: 'internal', attributes: { 'throughline.upkeep': 'health' } });
const again = makeSpan({ ...health, traceId: traceIdOf(3), attributes: { 'throughline.upkeep': 'connect' } });
const open = makeSpan({ traceId: traceIdOf(4), endTime: null, name: 'open' });
const request = makePayload({ text: '{"word":"ü•••"}', originalBytes: 40, findings: [FINDING] });
const response = makePayload({ direction: 'response', mediaType: 'text/plain', text: 'plain words', truncated: true });

/** What schema 1 held of a trace, with the columns that matter here. */
function insertTrace(
  database: DatabaseSync,
  {
    traceNo,
    spans,
    payloads,
    facets,
  }: {
    traceNo: number;
    spans: readonly RedactedSpan[];
    payloads: readonly RedactedPayload[];
    facets: readonly number[];
  },
): void {
  const [root] = spans;
  if (root === undefined) throw new Error('A trace has a span');
  const isOpen = spans.some((span) => span.endTime === null);
  database
    .prepare(
      `INSERT INTO traces VALUES (?, ?, ?, ?, ?, NULL, NULL, '[]', NULL, '["throughline"]', ?, ?, ?, NULL, NULL, ?, ?, 0, 0,
       ?, ?, ?, 0, 5000)`,
    )
    .run(
      traceNo,
      root.traceId,
      traceNo,
      traceNo + 10,
      root.name,
      root.startTime,
      root.endTime,
      isOpen ? 'pending' : 'ok',
      spans.length,
      isOpen ? 1 : 0,
      payloads.length,
      payloads.length,
      payloads.length * 59,
    );
  for (const span of spans)
    database
      .prepare('INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)')
      .run(traceNo, span.spanId, traceNo + 10, span.startTime, span.endTime === null ? 1 : 0, bodyOf(span));
  for (const payload of payloads)
    database
      .prepare('INSERT INTO payloads VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, 400, ?, ?)')
      .run(
        traceNo,
        payload.spanId,
        payload.direction,
        traceNo + 10,
        payload.mediaType,
        payload.originalBytes,
        payload.truncated ? 1 : 0,
        payload.findings.length,
        JSON.stringify(payload.findings),
        payload.text,
      );
  for (const valueNo of facets) database.prepare('INSERT INTO trace_facets VALUES (?, ?)').run(traceNo, valueNo);
}

async function historyOfSchema1(): Promise<string> {
  const file = await freshFile();
  const database = new DatabaseSync(file);
  database.exec(INITIAL_SCHEMA);
  database.exec(`INSERT INTO facet_values VALUES (1, 'span', 'POST /mcp'), (2, 'tool', 'echo'), (3, 'span', 'open');
    INSERT INTO store_totals VALUES (1, 4, 5, 20000, 14, 4, 6); PRAGMA user_version = 1;`);
  insertTrace(database, { traceNo: 1, spans: [call, child], payloads: [request, response], facets: [1, 2] });
  insertTrace(database, { traceNo: 2, spans: [health], payloads: [], facets: [1] });
  insertTrace(database, { traceNo: 3, spans: [again], payloads: [], facets: [1] });
  insertTrace(database, { traceNo: 4, spans: [open], payloads: [], facets: [3] });
  database.close();
  return file;
}

describe('a history of schema 1', () => {
  it('R86: is carried over whole: spans, bodies, findings, filters and totals', async () => {
    const store = await openStore({ file: await historyOfSchema1() });
    expect((await store.trace(traceIdOf(1)))?.spans).toEqual([call, child]);
    expect(await store.payloads(traceIdOf(1))).toEqual([request, response]);
    expect(await store.payload(traceIdOf(1), spanIdOf(1), 'response')).toEqual(response);
    const idsOf = async (query: string) => (await store.list(query, 10)).map(({ traceId }) => traceId).sort();
    expect(await idsOf('tool:echo')).toEqual([traceIdOf(1)]);
    expect(await idsOf('span:"POST /mcp"')).toEqual([1, 2, 3].map(traceIdOf));
    expect(await idsOf('upkeep:health')).toEqual([traceIdOf(2)]);
    expect(await idsOf('upkeep:connect|none')).toEqual([1, 3, 4].map(traceIdOf));
    expect(await idsOf('"plain words"')).toEqual([traceIdOf(1)]);
    expect(await store.stats()).toMatchObject({ traces: 4, spans: 5, evictedTraces: 6 });
    expect((await store.stats()).bytes).toBeLessThan(20_000);
  });

  it('R52: ends what was open in it', async () => {
    const store = await openStore({ file: await historyOfSchema1() });
    expect(await store.list('name:open', 10)).toMatchObject([
      { status: 'error', errorMessage: 'Throughline stopped before this call ended.', openSpanCount: 0 },
    ]);
  });

  it('goes on as if it had always been of this schema: traces change, and are forgotten with their filter values', async () => {
    const file = await historyOfSchema1();
    const first = await openStore({ file });
    first.put({ spans: [makeSpan({ spanId: spanIdOf(3), parentSpanId: spanIdOf(1), name: 'late' })], payloads: [] });
    expect(await first.list('span:late tool:echo', 10)).toMatchObject([{ traceId: traceIdOf(1), spanCount: 3 }]);
    await first.close();
    const second = await openStore({ file, budgetBytes: 1_500 });
    second.put({
      spans: [makeSpan({ traceId: traceIdOf(9), startTime: call.endTime ?? call.startTime })],
      payloads: [],
    });
    expect(await second.list('', 10)).toMatchObject([{ traceId: traceIdOf(9) }]);
    await second.close();
    const database = new DatabaseSync(file);
    onTestFinished(() => database.close());
    expect(database.prepare('SELECT kind, value FROM facet_values ORDER BY kind').all()).toMatchObject([
      { kind: 'service', value: 'throughline' },
      { kind: 'span', value: 'POST /mcp' },
    ]);
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    expect(tables.map((row) => row['name'])).toEqual(['facet_sets', 'facet_values', 'parts', 'store_totals', 'traces']);
  });
});
