import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { makePayload, makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';
import { openStore } from '../support/open-store.ts';

async function freshDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-store-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe('history on disk', () => {
  it('R102: lies in files that only the user can read, in a directory that only the user can enter', async () => {
    const directory = join(await freshDirectory(), 'data', 'history');
    const store = await openStore({ file: join(directory, 'traces.sqlite') });
    store.put({ spans: [makeSpan()], payloads: [makePayload()] });
    await store.flush();
    expect(await modeOf(directory)).toBe('700');
    const files = await readdir(directory);
    expect(files).toContain('traces.sqlite-wal');
    expect(await Promise.all(files.map((file) => modeOf(join(directory, file))))).toEqual(files.map(() => '600'));
  });

  it('R102: takes rights away from a file that others could read', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    await writeFile(file, '');
    await chmod(file, 0o644);
    await openStore({ file });
    expect(await modeOf(file)).toBe('600');
  });

  it('R86: is there again after a restart, and goes on where it was', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    const first = await openStore({ file });
    const span = makeSpan({ attributes: { 'throughline.server.id': 'one', 'mcp.method.name': 'tools/call' } });
    first.put({ spans: [span], payloads: [makePayload()] });
    const before = await first.feed({ cursor: null, query: '', limit: 10, waitMs: 0 });
    await first.close();

    const second = await openStore({ file });
    expect(await second.stats()).toEqual(before.stats);
    expect(await second.list('server:one', 10)).toEqual(before.traces);
    expect((await second.trace(traceIdOf(1)))?.spans).toEqual([span]);
    second.put({ spans: [makeSpan({ spanId: spanIdOf(2), parentSpanId: spanIdOf(1) })], payloads: [] });
    const after = await second.feed({ cursor: before.cursor, query: '', limit: 10, waitMs: 0 });
    expect(after.reset).toBe(true);
    expect(after.traces).toMatchObject([{ spanCount: 2, method: 'tools/call', serverIds: ['one'], payloadBytes: 19 }]);
    expect(after.traces[0]?.revision).toBeGreaterThan(before.cursor);
    expect(await second.list('-server:one', 10)).toEqual([]);
  });

  it('R86: holds what was put right before it was closed', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    const first = await openStore({ file });
    first.put({ spans: [makeSpan()], payloads: [] });
    await first.close();
    expect(await (await openStore({ file })).list('', 10)).toHaveLength(1);
  });

  it('R52: ends what was open when the process stopped, and says why', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    const first = await openStore({ file });
    first.put({ spans: [makeSpan({ endTime: null })], payloads: [] });
    await first.close();
    const second = await openStore({ file });
    expect(await second.list('', 1)).toMatchObject([
      { status: 'error', openSpanCount: 0, errorMessage: 'Throughline stopped before this call ended.' },
    ]);
    const [span] = (await second.trace(traceIdOf(1)))?.spans ?? [];
    expect(span?.endTime).toBe(span?.startTime);
  });

  it('forgets on disk as well what the user clears', async () => {
    const directory = await freshDirectory();
    const file = join(directory, 'traces.sqlite');
    const store = await openStore({ file });
    store.put({ spans: [makeSpan({ name: 'unmistakable' })], payloads: [makePayload({ text: 'unmistakable' })] });
    await store.flush();
    await store.clear();
    for (const name of await readdir(directory)) {
      expect((await readFile(join(directory, name))).includes('unmistakable')).toBe(false);
    }
  });
});

describe('a history file that cannot be used', () => {
  async function refusal(file: string): Promise<string> {
    const failure = await openStore({ file }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    return (failure as UserError).message;
  }

  it('is refused when a newer Throughline wrote it, and left as it is', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    const newer = new DatabaseSync(file);
    newer.exec('CREATE TABLE future (x); PRAGMA user_version = 99');
    newer.close();
    const before = await readFile(file);
    expect(await refusal(file)).toBe(
      `The history file ${file} was written by a newer Throughline (schema 99, this one knows 5): update Throughline or choose another data directory.`,
    );
    expect(await readFile(file)).toEqual(before);
  });

  it('is refused when it is no database', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    await writeFile(file, 'something else entirely, and long enough to be looked at by SQLite '.repeat(20));
    expect(await refusal(file)).toBe(
      `${file} is not a Throughline history file: move it away or choose another data directory.`,
    );
  });

  it('is refused when it is the database of another program, and left as it is', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    const foreign = new DatabaseSync(file);
    foreign.exec('CREATE TABLE bookmarks (x)');
    foreign.close();
    const before = await readFile(file);
    expect(await refusal(file)).toContain('is not a Throughline history file');
    expect(await readFile(file)).toEqual(before);
  });

  it('is refused when another Throughline has it open', async () => {
    const file = join(await freshDirectory(), 'traces.sqlite');
    await openStore({ file });
    expect(await refusal(file)).toBe(
      `The history file ${file} is in use by another Throughline: stop that one or choose another data directory.`,
    );
  });

  it('is refused when it cannot be written', async () => {
    const notADirectory = join(await freshDirectory(), 'file');
    await writeFile(notADirectory, '');
    expect(await refusal(join(notADirectory, 'traces.sqlite'))).toMatch(
      /cannot be written .* choose another data directory/,
    );
  });
});
