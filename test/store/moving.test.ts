import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TraceId } from '../../src/shared/domain/ids.ts';
import { unixNano } from '../../src/shared/domain/ids.ts';
import type { TraceSummary } from '../../src/shared/domain/trace.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import type { TraceStore } from '../../src/store/port.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

async function freshFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-moving-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'history', 'traces.db');
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

function spanOf(number: number, overrides: Parameters<typeof makeSpan>[0] = {}) {
  return makeSpan({
    traceId: traceIdOf(number),
    startTime: unixNano(BigInt(number)),
    endTime: unixNano(1_000_000n),
    attributes: { 'throughline.server.id': `server ${number % 3}` },
    ...overrides,
  });
}

/** Everything that can be asked of a store, but for revisions, which are its own. */
async function contentsOf(store: TraceStore) {
  const summaries = await store.list('', 1_000);
  const traces = await Promise.all(
    summaries.map(async ({ traceId }) => {
      const detail = await store.trace(traceId);
      return { spans: detail?.spans, infos: detail?.payloads, payloads: await store.payloads(traceId) };
    }),
  );
  const stats = await store.stats();
  const found = await Promise.all(
    ['server:"server 1"', 'needle', 'redacted:>0', 'span:late'].map((query) => store.list(query, 1_000)),
  );
  return {
    summaries: summaries.map((summary) => ({ ...summary, revision: 0 })),
    traces,
    stats,
    found: found.map((one) => one.map(({ traceId }) => traceId)),
    trail: await store.trail(FINDING.hash),
    note: await store.note('redacted-under'),
  };
}

async function fill(store: TraceStore): Promise<void> {
  store.put({
    spans: [1, 2, 3, 4].map((number) => spanOf(number, number === 2 ? { findings: [FINDING] } : {})),
    payloads: [makePayload({ traceId: traceIdOf(3), text: 'a needle', findings: [FINDING] })],
  });
  await store.flush();
  store.put({
    spans: [spanOf(1, { spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: 'late', endTime: null })],
    payloads: [makePayload({ traceId: traceIdOf(1), direction: 'response', text: '{"late":1}' })],
  });
  await store.keepNote('redacted-under', 'these rules');
}

async function sentenceOf(failing: Promise<void>): Promise<string> {
  const failure = await failing.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  return (failure as UserError).message;
}

describe('a store in memory that moves into a file', () => {
  it('R86: takes everything along, and it is there after a restart', async () => {
    const file = await freshFile();
    const store = await openStore();
    await fill(store);
    const before = await contentsOf(store);
    await store.moveTo(file);
    expect(await contentsOf(store)).toEqual(before);
    store.put({ spans: [spanOf(1, { spanId: spanIdOf(2), parentSpanId: spanIdOf(1), name: 'late' })], payloads: [] });
    store.put({ spans: [spanOf(9)], payloads: [] });
    const after = await contentsOf(store);
    expect(after.summaries).toHaveLength(5);
    expect(after.summaries.at(-1)).toMatchObject({ spanCount: 2, openSpanCount: 0 });
    await store.close();
    expect(await contentsOf(await openStore({ file }))).toEqual(after);
  });

  it('R86: takes along bodies that came apart from the spans they belong to', async () => {
    const store = await openStore();
    const payload = makePayload({ traceId: traceIdOf(1), text: 'came between' });
    for (const batch of [
      { spans: [spanOf(1, { endTime: null })], payloads: [] },
      { spans: [], payloads: [payload] },
      { spans: [spanOf(1)], payloads: [] },
    ]) {
      store.put(batch);
      await store.flush();
    }
    const before = await contentsOf(store);
    for (const file of [await freshFile(), null]) {
      await store.moveTo(file);
      expect(await store.payloads(traceIdOf(1))).toEqual([payload]);
      expect(await contentsOf(store)).toEqual(before);
    }
  });

  it('R102: makes files that only the user can read, in a folder that only the user can enter', async () => {
    const file = await freshFile();
    const store = await openStore();
    await fill(store);
    await store.moveTo(file);
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await modeOf(dirname(file))).toBe('700');
    const files = await readdir(dirname(file));
    expect(files.sort()).toEqual(['traces.db', 'traces.db-wal']);
    for (const name of files) expect(await modeOf(join(dirname(file), name))).toBe('600');
  });

  it('joins what an earlier history holds, and says of both only what holds for both', async () => {
    const file = await freshFile();
    const earlier = await openStore({ file });
    earlier.put({ spans: [spanOf(1), spanOf(8, { endTime: null })], payloads: [] });
    await earlier.keepNote('redacted-under', 'other rules');
    await earlier.keepNote('shared', 'x');
    await earlier.close();

    const store = await openStore();
    await fill(store);
    await store.keepNote('shared', 'x');
    await store.moveTo(file);
    const summaries = await store.list('', 10);
    expect(summaries.map(({ traceId }) => traceId)).toEqual([8, 4, 3, 2, 1].map(traceIdOf));
    // What that one left open did not come to its end; what is open here goes on.
    expect(summaries[0]).toMatchObject({ status: 'error', openSpanCount: 0 });
    expect(summaries.at(-1)).toMatchObject({ spanCount: 2, openSpanCount: 1 });
    expect(await store.note('redacted-under')).toBeNull();
    expect(await store.note('shared')).toBe('x');
  });

  it('R89: keeps the limits there, counted from both, and only once everything is there', async () => {
    const file = await freshFile();
    const earlier = await openStore({ file, limits: { traces: 2 } });
    earlier.put({ spans: [spanOf(11), spanOf(12), spanOf(13)], payloads: [] });
    await earlier.close();
    const store = await openStore({ limits: { traces: 3 } });
    store.put({ spans: [spanOf(20), spanOf(21), spanOf(22), spanOf(23)], payloads: [] });
    await store.moveTo(file);
    expect((await store.list('', 10)).map(({ traceId }) => traceId)).toEqual([23, 22, 21].map(traceIdOf));
    expect(await store.stats()).toMatchObject({ traces: 3, spans: 3, evictedTraces: 1 + 1 + 2 });
  });

  it('goes on as before when the file cannot be used, and leaves the file as it was', async () => {
    const file = await freshFile();
    const store = await openStore();
    await fill(store);
    const before = await contentsOf(store);
    await openStore({ file });
    expect(await sentenceOf(store.moveTo(file))).toBe(
      `The history file ${file} is in use by another Throughline: stop that one or choose another data directory.`,
    );
    const newer = join(dirname(file), 'newer.db');
    const database = new DatabaseSync(newer);
    database.exec('CREATE TABLE future (x); PRAGMA user_version = 99');
    database.close();
    const bytes = await readFile(newer);
    expect(await sentenceOf(store.moveTo(newer))).toMatch(/was written by a newer Throughline/);
    expect(await readFile(newer)).toEqual(bytes);
    expect(await contentsOf(store)).toEqual(before);
    store.put({ spans: [spanOf(9)], payloads: [] });
    expect(await store.list('', 10)).toHaveLength(5);
  });

  it('makes no file when what is stored cannot be put into it', async () => {
    const file = await freshFile();
    const store = await openStore();
    await fill(store);
    const before = await contentsOf(store);
    const notAFolder = join(dirname(dirname(file)), 'taken');
    await writeFile(notAFolder, '');
    expect(await sentenceOf(store.moveTo(join(notAFolder, 'traces.db')))).toMatch(/cannot be written/);
    expect(await contentsOf(store)).toEqual(before);
  });

  it('waits until stored traces have been redacted again', async () => {
    const store = await openStore();
    await fill(store);
    const ending = new AbortController();
    const refusals: Promise<string>[] = [];
    const revision = store.revise({
      span(span) {
        if (refusals.length === 0) refusals.push(sentenceOf(store.moveTo('/nowhere/traces.db')));
        return span;
      },
      payload: (payload) => payload,
      progress: () => undefined,
      signal: ending.signal,
    });
    expect(await revision).toBe(true);
    expect(await Promise.all(refusals)).toEqual([
      'Stored traces are being redacted again: wait until that is done, then try again.',
    ]);
  });
});

describe('a store in a file that moves into memory', () => {
  it('takes everything along and deletes the file', async () => {
    const file = await freshFile();
    const store = await openStore({ file });
    await fill(store);
    const before = await contentsOf(store);
    await store.moveTo(null);
    expect(await contentsOf(store)).toEqual(before);
    expect(await readdir(dirname(file))).toEqual([]);
    store.put({ spans: [spanOf(9)], payloads: [] });
    expect(await store.list('', 10)).toHaveLength(5);
    expect(existsSync(file)).toBe(false);
  });

  it('goes on in the file when that cannot be deleted, and says what to do', async () => {
    const file = await freshFile();
    const store = await openStore({ file });
    await fill(store);
    const inTheWay = `${file}-shm`;
    await mkdir(inTheWay);
    expect(await sentenceOf(store.moveTo(null))).toMatch(/cannot be deleted .* and try again/);
    await rmdir(inTheWay);
    store.put({ spans: [spanOf(9)], payloads: [] });
    await store.close();
    expect(await (await openStore({ file })).list('', 10)).toHaveLength(5);
  });
});

describe('who follows a store while it moves', () => {
  it('R86: loses no trace and sees none twice, although calls go on', async () => {
    const file = await freshFile();
    const store = await openStore();
    const rounds = 60;
    const follower = followList(store, rounds);
    const watcher = followTrace(store, traceIdOf(1), rounds);
    for (let number = 1; number <= rounds; number += 1) {
      // Trace 1 grows all the time, the others come and go.
      store.put({ spans: [spanOf(1, { spanId: spanIdOf(number), name: `s${number}` })], payloads: [] });
      store.put({ spans: [spanOf(number + 100, { endTime: null })], payloads: [] });
      if (number % 20 === 0) await store.moveTo(number % 40 === 0 ? null : file);
      store.put({ spans: [spanOf(number + 100)], payloads: [] });
      if (number % 7 === 0) await store.flush();
    }
    const seen = await follower;
    const stored = await store.list('', 1_000);
    expect([...seen.values()].sort(byStart)).toEqual([...stored].sort(byStart));
    expect((await watcher).sort()).toEqual(Array.from({ length: rounds }, (_, index) => spanIdOf(index + 1)).sort());
    expect(await store.stats()).toMatchObject({ traces: rounds + 1, droppedSpans: 0 });
  });
});

function byStart(a: TraceSummary, b: TraceSummary): number {
  return Number(a.startTime - b.startTime);
}

/** Pulls the list as a page does, until every one of `rounds` traces has ended. */
async function followList(store: TraceStore, rounds: number): Promise<Map<TraceId, TraceSummary>> {
  const seen = new Map<TraceId, TraceSummary>();
  let cursor: number | null = null;
  const isDone = (): boolean =>
    seen.size === rounds + 1 &&
    [...seen.values()].every(({ openSpanCount }) => openSpanCount === 0) &&
    seen.get(traceIdOf(1))?.spanCount === rounds;
  while (!isDone()) {
    const feed = await store.feed({ cursor, query: '', limit: 1_000, waitMs: 25_000 });
    if (feed.reset) seen.clear();
    for (const trace of feed.traces) seen.set(trace.traceId, trace);
    for (const traceId of feed.removed) seen.delete(traceId);
    cursor = feed.cursor;
  }
  return seen;
}

/** Pulls one trace as a page does, until it has all its spans. */
async function followTrace(store: TraceStore, traceId: TraceId, spanCount: number): Promise<string[]> {
  let seen = new Set<string>();
  let cursor: number | null = null;
  while (seen.size < spanCount) {
    const watch = await store.watch({ traceId, cursor, waitMs: 25_000 });
    if (watch.reset) seen = new Set();
    for (const { spanId } of watch.spans) seen.add(spanId);
    cursor = watch.cursor;
  }
  return [...seen];
}
