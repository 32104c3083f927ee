import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding, RedactedPayload, RedactedSpan } from '../../src/shared/domain/redacted.ts';
import type { Revision, TraceStore } from '../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

const SECRET = 'plum-kettle-44';
const FINDING: Finding = { path: '', start: 0, end: 3, rule: 'r', kind: 'k', length: '9-16', hash: 'ab'.repeat(8) };

/** Takes the secret out of anything, wherever it stands. */
function withoutSecret<T extends RedactedSpan | RedactedPayload>(value: T): T {
  const strip = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replaceAll(SECRET, '•••');
    if (Array.isArray(part)) return part.map(strip);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, strip(member)]));
  };
  const stripped = strip(value) as T;
  return isDeepStrictEqual(stripped, value) ? value : { ...stripped, findings: [...value.findings, FINDING] };
}

function revision(overrides: Partial<Revision> = {}): Revision {
  return {
    span: withoutSecret,
    payload: withoutSecret,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...overrides,
  };
}

async function freshFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-store-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'traces.sqlite');
}

/** Whether the secret stands in the database, its journal or whatever else lies beside them. */
async function isOnDisk(file: string): Promise<boolean> {
  const folder = join(file, '..');
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.some((bytes) => bytes.includes(SECRET));
}

/** A trace of which every part that the store keeps apart holds the secret; its last span is open. */
function tellingSpans(trace: number): RedactedSpan[] {
  const traceId = traceIdOf(trace);
  return [
    makeSpan({
      traceId,
      name: `call ${SECRET}`,
      status: { code: 'error', message: `no ${SECRET}` },
      attributes: { 'gen_ai.tool.name': `tool ${SECRET}`, 'mcp.method.name': 'tools/call' },
      events: [{ name: 'exception', time: makeSpan().startTime, attributes: { 'exception.message': SECRET } }],
    }),
    makeSpan({ traceId, spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: SECRET, endTime: null }),
    makeSpan({ traceId, spanId: spanIdOf(3), parentSpanId: spanIdOf(1), name: 'harmless' }),
  ];
}

function tellingBodies(trace: number): RedactedPayload[] {
  const traceId = traceIdOf(trace);
  const text = JSON.stringify({ note: SECRET });
  return [makePayload({ traceId, text }), makePayload({ traceId, direction: 'response', text: '{"harmless":1}' })];
}

async function storeWith(traces: number, file: string | null = null): Promise<TraceStore> {
  const store = await openStore({ file });
  for (let trace = 1; trace <= traces; trace += 1)
    store.put({ spans: tellingSpans(trace), payloads: tellingBodies(trace) });
  await store.flush();
  return store;
}

describe('going through everything stored', () => {
  it('R28: changes spans, open ones included, bodies, and what the list and searches know of them', async () => {
    const store = await storeWith(1);
    expect(await store.list(SECRET, 10)).toHaveLength(1);
    expect(await store.revise(revision())).toBe(true);

    const trace = await store.trace(traceIdOf(1));
    expect(trace?.summary).toMatchObject({
      name: 'call •••',
      target: 'tool •••',
      errorMessage: 'no •••',
      redactionCount: 3,
      spanCount: 3,
      openSpanCount: 1,
    });
    expect(trace?.spans.map((span) => span.name)).toEqual(['call •••', '•••', 'harmless']);
    expect(trace?.spans[0]?.events[0]?.attributes).toEqual({ 'exception.message': '•••' });
    expect(await store.payloads(traceIdOf(1))).toMatchObject([
      { text: '{"note":"•••"}', findings: [FINDING] },
      { text: '{"harmless":1}', findings: [] },
    ]);
    for (const query of [SECRET, `tool:"tool ${SECRET}"`, `span:"${SECRET}"`])
      expect(await store.list(query, 10), query).toEqual([]);
    expect(await store.list('tool:"tool •••"', 10)).toHaveLength(1);
  });

  it('R28: leaves no byte of what it took out on disk, nor of what an earlier record of a span held', async () => {
    const file = await freshFile();
    const store = await storeWith(40, file);
    // An earlier record that has been replaced: its bytes lie in a page that is free.
    const [root] = tellingSpans(1);
    if (root !== undefined)
      store.put({ spans: [{ ...root, attributes: { padding: 'x'.repeat(20_000) } }], payloads: [] });
    await store.flush();
    expect(await isOnDisk(file)).toBe(true);
    expect(await store.revise(revision())).toBe(true);
    expect(await isOnDisk(file)).toBe(false);
    await store.close();
    expect(await isOnDisk(file)).toBe(false);

    const again = await openStore({ file });
    expect(await again.list('', 100)).toHaveLength(40);
    expect(await again.list(SECRET, 100)).toEqual([]);
  });

  it('tells pages that look at a trace or at the list, and nobody of what did not change', async () => {
    const store = await storeWith(1);
    store.put({ spans: [makeSpan({ traceId: traceIdOf(2) })], payloads: [] });
    const feed = await store.feed({ cursor: null, query: '', limit: 10, waitMs: 0 });
    const watching = store.watch({ traceId: traceIdOf(1), cursor: feed.cursor, waitMs: 20_000 });
    await store.revise(revision());
    expect((await watching).spans.map((span) => span.name)).toEqual(['call •••', '•••', 'harmless']);
    const news = await store.feed({ cursor: feed.cursor, query: '', limit: 10, waitMs: 0 });
    expect(news.traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(1)]);
  });

  it('leaves alone what is written anew while it is under way', async () => {
    const store = await storeWith(1);
    let isFirst = true;
    await store.revise(
      revision({
        span(span) {
          if (isFirst) {
            isFirst = false;
            store.put({
              spans: [makeSpan({ spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: 'newer' })],
              payloads: [],
            });
          }
          return withoutSecret(span);
        },
      }),
    );
    const trace = await store.trace(traceIdOf(1));
    expect(trace?.spans.map((span) => span.name).sort()).toEqual(['call •••', 'harmless', 'newer']);
    expect(trace?.summary.openSpanCount).toBe(0);
  });

  it('comes through more traces than a page holds, and says how far it has come', async () => {
    const store = await storeWith(150);
    const progress: number[] = [];
    await store.revise(revision({ progress: (traces) => progress.push(traces) }));
    expect(progress.length).toBeGreaterThan(2);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(150);
    expect(await store.list(SECRET, 200)).toEqual([]);
  });

  it('ends early when it is asked to, and says that it did', async () => {
    const store = await storeWith(150);
    const ending = new AbortController();
    const isWhole = await store.revise(revision({ progress: () => ending.abort(), signal: ending.signal }));
    expect(isWhole).toBe(false);
    expect((await store.list(SECRET, 200)).length).toBeGreaterThan(0);
  });

  it('lets the thread do other things in between', async () => {
    const store = await storeWith(60);
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const spent = (): void => {
      const end = performance.now() + 1;
      while (performance.now() < end);
    };
    await store.revise(
      revision({
        span(span) {
          spent();
          return span;
        },
      }),
    );
    isDone = true;
    expect(turns).toBeGreaterThan(20);
  });

  it('keeps what it counts of bytes and spans right', async () => {
    const store = await storeWith(3);
    await store.revise(revision());
    const { traces, spans, bytes } = await store.stats();
    expect({ traces, spans }).toEqual({ traces: 3, spans: 9 });
    const fresh = await openStore();
    for (let trace = 1; trace <= 3; trace += 1)
      fresh.put({
        spans: tellingSpans(trace).map(withoutSecret),
        payloads: tellingBodies(trace).map(withoutSecret),
      });
    expect(bytes).toBe((await fresh.stats()).bytes);
  });
});

describe('notes', () => {
  it('are kept with the history', async () => {
    const file = await freshFile();
    const store = await openStore({ file });
    expect(await store.note('a')).toBeNull();
    await store.keepNote('a', 'one');
    await store.keepNote('a', 'two');
    await store.close();
    expect(await (await openStore({ file })).note('a')).toBe('two');
  });
});
