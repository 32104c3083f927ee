import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { INITIAL_SCHEMA } from '../../../src/store/schema/001-initial.ts';
import { putTracesInParts } from '../../../src/store/schema/002-traces-in-parts.ts';
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

const FINDING = {
  path: '/a',
  start: 0,
  end: 3,
  rule: 'key-name',
  kind: 'token',
  length: '1-8',
  hash: 'ab'.repeat(8),
} as const;

const call = makeSpan({
  attributes: {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'echo',
    'mcp.protocol.version': '2025-06-18',
    custom: [1, 2],
  },
  traceState: 'a=b',
  status: { code: 'error', message: 'it failed' },
  events: [{ name: 'exception', time: makeSpan().startTime, attributes: { 'exception.message': 'boom' } }],
  links: [{ traceId: traceIdOf(8), spanId: spanIdOf(8), attributes: {} }],
  dropped: { attributes: 0, events: 1, links: 0 },
  findings: [FINDING],
});
const child = makeSpan({
  spanId: spanIdOf(2),
  parentSpanId: spanIdOf(1),
  name: 'mcp.client.initialize',
  kind: 'client',
  attributes: { 'mcp.protocol.version': '2026-07-28' },
});
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

/** The same, with a twin of its first trace. */
async function historyOfSchema2(): Promise<string> {
  const file = await historyOfSchema1();
  const database = new DatabaseSync(file);
  const twin = [call, child].map((span) => makeSpan({ ...span, traceId: traceIdOf(5) }));
  insertTrace(database, { traceNo: 5, spans: twin, payloads: [], facets: [1, 2] });
  putTracesInParts(database);
  database.exec('UPDATE store_totals SET traces = 5, spans = 7, last_trace_no = 5; PRAGMA user_version = 2;');
  database.close();
  return file;
}

describe('a history of schema 2', () => {
  it('tells of each trace which revisions of MCP were spoken in it, and finds it by them', async () => {
    const store = await openStore({ file: await historyOfSchema2() });
    const idsOf = async (query: string) => (await store.list(query, 10)).map(({ traceId }) => traceId).sort();
    expect(await idsOf('era:modern')).toEqual([1, 5].map(traceIdOf));
    expect(await idsOf('era:2025-06-18 tool:echo')).toEqual([1, 5].map(traceIdOf));
    expect(await idsOf('-era:legacy')).toEqual([2, 3, 4].map(traceIdOf));
    expect(await store.list('era:legacy', 10)).toMatchObject([
      { clientProtocol: '2025-06-18', serverProtocols: ['2026-07-28'] },
      { clientProtocol: '2025-06-18', serverProtocols: ['2026-07-28'] },
    ]);
    expect((await store.trace(traceIdOf(2)))?.summary).toMatchObject({ clientProtocol: null, serverProtocols: [] });
    expect((await store.trace(traceIdOf(2)))?.summary).toMatchObject({ waitsFor: [], waitedMs: 0 });
    expect(await store.stats()).toMatchObject({ traces: 5, spans: 7 });
  });

  it('keeps one set of values for traces that have the same, and none that no trace has', async () => {
    const file = await historyOfSchema2();
    await (await openStore({ file })).close();
    const database = new DatabaseSync(file);
    onTestFinished(() => database.close());
    const setOf = (n: number) =>
      database.prepare('SELECT facet_set FROM traces WHERE trace_no = ?').get(n)?.['facet_set'];
    expect(setOf(1)).toBe(setOf(5));
    const sets = database.prepare('SELECT DISTINCT set_no FROM facet_sets').all().length;
    expect(sets).toBe(new Set([1, 2, 3, 4].map(setOf)).size);
  });

  it('loses what a trace was found by when the trace changes', async () => {
    const store = await openStore({ file: await historyOfSchema2() });
    store.put({ spans: [makeSpan({ ...child, attributes: {} })], payloads: [] });
    const found = await store.list('era:modern', 10);
    expect(found.map(({ traceId }) => traceId)).toEqual([traceIdOf(5)]);
  });
});

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
    expect(await store.trail(FINDING.hash)).toMatchObject([{ direction: 'request' }, { direction: null }]);
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
    expect(tables.map((row) => row['name'])).toEqual([
      'facet_sets',
      'facet_values',
      'notes',
      'parts',
      'store_totals',
      'traces',
      'trail',
    ]);
  });
});
