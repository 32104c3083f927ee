import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createNews } from '../../src/runtime/news.ts';
import { readServerLog } from '../../src/runtime/server-log.ts';
import type { ServerId } from '../../src/shared/domain/ids.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { createFakeRegistry } from '../support/fake-registry.ts';

const ID = 'notes' as ServerId;
const LONG = 60_000;

function setUp() {
  const registry = createFakeRegistry();
  void registry.put(ID);
  const lines = createNews();
  registry.servers.onChange(() => {
    lines.announce();
  });
  const logOf = (id: ServerId) => {
    const server = registry.servers.get(id);
    if (server === undefined) throw new UserError('gone');
    return server.log;
  };
  const read = (cursor: number | null, waitMs = 0, signal?: AbortSignal) =>
    readServerLog(
      { logOf, lines, redact: (text) => text.replaceAll('hidden now', '•••') },
      { id: ID, cursor, waitMs },
      signal,
    );
  return { registry, lines, read };
}

describe("reading a server's log", () => {
  it('gives what is kept at first, then what came since', async () => {
    const { registry, read } = setUp();
    registry.print(ID, 'one', 'two');
    expect(await read(null)).toMatchObject({ cursor: 2, dropped: 0, lines: [{ text: 'one' }, { text: 'two' }] });
    registry.print(ID, 'three');
    expect(await read(2)).toMatchObject({ cursor: 3, dropped: 0, lines: [{ number: 3, text: 'three' }] });
    expect(await read(3)).toEqual({ cursor: 3, dropped: 0, lines: [] });
  });

  it('R24, R28: redacts lines with the rules of now, though they were read before', async () => {
    const { registry, read } = setUp();
    registry.print(ID, 'what is hidden now was not then');
    expect((await read(null)).lines).toMatchObject([{ text: 'what is ••• was not then' }]);
  });

  it('waits for a line when there is none', async () => {
    const { registry, lines, read } = setUp();
    const waiting = read(0, LONG);
    expect(lines.waiting).toBe(1);
    registry.set(ID, { pid: 7 });
    registry.print(ID, 'at last');
    expect(await waiting).toMatchObject({ cursor: 1, lines: [{ text: 'at last' }] });
  });

  it('counts the lines that were let go, to the line', async () => {
    const { registry, read } = setUp();
    registry.print(ID, ...Array.from({ length: 2_500 }, (_, index) => `line ${index + 1}`));
    const fromTheStart = await read(null);
    expect(fromTheStart).toMatchObject({ cursor: 2_500, dropped: 1_500 });
    expect(fromTheStart.lines).toHaveLength(1_000);
    expect(fromTheStart.lines[0]?.number).toBe(1_501);
    expect(await read(1_000)).toMatchObject({ dropped: 500 });
    expect(await read(2_000)).toMatchObject({ dropped: 0, lines: expect.objectContaining({ length: 500 }) });
  });

  it('begins anew with a server that was started anew', async () => {
    const { registry, read } = setUp();
    registry.print(ID, 'one', 'two', 'three');
    const waiting = read(3, LONG);
    void registry.put(ID);
    registry.print(ID, 'hello again');
    expect(await waiting).toMatchObject({ dropped: 0 });
    expect(await read(3, LONG)).toMatchObject({ cursor: 1, dropped: 0, lines: [{ number: 1, text: 'hello again' }] });
  });

  it('ends in a sentence when the server is removed meanwhile', async () => {
    const { registry, read } = setUp();
    const waiting = read(0, LONG);
    await registry.servers.remove(ID);
    await expect(waiting).rejects.toBeInstanceOf(UserError);
  });

  it('ends when the reader leaves or the gateway stops', async () => {
    const { lines, read } = setUp();
    const leaving = new AbortController();
    const left = read(0, LONG, leaving.signal);
    leaving.abort();
    expect(await left).toEqual({ cursor: 0, dropped: 0, lines: [] });
    const waiting = read(0, LONG);
    lines.stop();
    expect(await waiting).toEqual({ cursor: 0, dropped: 0, lines: [] });
  });

  it('leaves no listener behind, however often it is asked on one connection', async () => {
    const { registry, lines, read } = setUp();
    const { signal } = new AbortController();
    for (let cursor = 0; cursor < 20; cursor += 1) {
      const waiting = read(cursor, LONG, signal);
      registry.print(ID, 'line');
      await waiting;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(lines.waiting).toBe(0);
  });
});
