import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SCHEMA_VERSION, versionOf } from '../../../src/store/schema/migrations.ts';
import { openDatabase } from '../../../src/store/worker/database.ts';
import {
  FAILED_CALL,
  GROWN,
  HEALTH,
  REQUEST,
  RESPONSE,
  RUNNING,
  SAMPLE_BATCHES,
  SECRET_HASH,
  TWIN,
} from '../../fixtures/store/sample-history.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const VERSIONS = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);

/** A history file as that schema's own store left it. */
function historyOf(version: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-old-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'traces.db');
  const database = new DatabaseSync(file);
  database.exec(readFileSync(new URL(`../../fixtures/store/history-${version}.sql`, import.meta.url), 'utf8'));
  expect(versionOf(database)).toBe(version);
  database.close();
  return file;
}

function schemaOf(database: DatabaseSync): readonly string[] {
  const rows = database.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name').all();
  // A column that was added later stands behind the others.
  return rows.map((row) => String(row['sql']).replace(/\s+/g, ' '));
}

it('every old history holds what a store of today would hold that was given the same', async () => {
  const store = await openStore();
  for (const batch of SAMPLE_BATCHES) {
    store.put(batch);
    await store.flush();
  }
  for (const version of VERSIONS) {
    const old = await openStore({ file: historyOf(version) });
    for (const number of [1, 2, 4, 5]) {
      const [then, now] = await Promise.all([old, store].map((one) => one.trace(traceIdOf(number))));
      expect({ ...then?.summary, revision: 0 }).toEqual({ ...now?.summary, revision: 0 });
      expect(then?.payloads).toEqual(now?.payloads);
    }
  }
});

describe.each(VERSIONS)('a history of schema %i', (version) => {
  it('R86: has every span and body in it, as they were', async () => {
    const store = await openStore({ file: historyOf(version) });
    const spansOf = async (number: number) => (await store.trace(traceIdOf(number)))?.spans;
    expect(await spansOf(1)).toEqual(FAILED_CALL);
    expect(await spansOf(2)).toEqual(HEALTH);
    expect(await spansOf(4)).toEqual(TWIN);
    expect(await spansOf(5)).toEqual(GROWN);
    // Nobody goes on with it.
    const [running] = RUNNING;
    expect(await spansOf(3)).toEqual([
      {
        ...running,
        endTime: running?.startTime,
        status: { code: 'error', message: 'Throughline stopped before this call ended.' },
      },
    ]);
    expect(await store.payloads(traceIdOf(1))).toEqual([REQUEST, RESPONSE]);
    expect(await store.stats()).toMatchObject({ traces: 5, spans: 10, evictedTraces: 0 });
  });

  it('R86: is found by everything that today can be asked', async () => {
    const store = await openStore({ file: historyOf(version) });
    const found = async (query: string) =>
      (await store.list(query, 10)).map(({ traceId }) => Number.parseInt(traceId, 16)).sort();
    expect(await found('')).toEqual([1, 2, 3, 4, 5]);
    expect(await found('tool:read_file client:cursor')).toEqual([1, 4]);
    expect(await found('server:=search')).toEqual([5]);
    expect(await found('status:error')).toEqual([1, 3, 4]);
    expect(await found('upkeep:health')).toEqual([2]);
    expect(await found('era:legacy')).toEqual([1, 4]);
    expect(await found('era:modern')).toEqual([5]);
    expect(await found('has:exception')).toEqual([1, 4]);
    expect(await found('"plain words"')).toEqual([1]);
    expect(await found('redacted:>0')).toEqual([1, 4]);
    expect((await store.trail(SECRET_HASH)).map(({ traceId }) => traceId)).toEqual(
      expect.arrayContaining([traceIdOf(1), traceIdOf(4)]),
    );
    expect((await store.trace(traceIdOf(5)))?.summary).toMatchObject({
      openSpanCount: 0,
      serverProtocols: ['2026-07-28'],
      waitsFor: [],
    });
  });

  it('becomes a file like a new one, in which traces go on and are forgotten', async () => {
    const file = historyOf(version);
    const store = await openStore({ file });
    store.put({ spans: [makeSpan({ spanId: spanIdOf(7), parentSpanId: spanIdOf(1), name: 'late' })], payloads: [] });
    expect(await store.list('span:late', 10)).toMatchObject([{ traceId: traceIdOf(1), spanCount: 4 }]);
    await store.retain({ bytes: 1e9, traces: 1, days: 0 });
    expect(await store.list('', 10)).toMatchObject([{ traceId: traceIdOf(5) }]);
    await store.close();
    const [old, fresh] = [openDatabase(file), openDatabase(null)];
    onTestFinished(() => {
      old.close();
      fresh.close();
    });
    expect(versionOf(old)).toBe(SCHEMA_VERSION);
    expect(schemaOf(old)).toEqual(schemaOf(fresh));
    const kinds = old.prepare("SELECT value FROM facet_values WHERE kind = 'server' ORDER BY value").all();
    expect(kinds.map((row) => row['value'])).toEqual(['search']);
  });
});
