import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { StdioServerConfig } from '../../../src/shared/domain/server.ts';
import { workbenchToolNames } from '../../fixtures/servers/workbench.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { answerError, answerText, openRawSession } from '../../support/raw-session.ts';
import { startHomeRuntime, type HomeRuntime } from './home-runtime.ts';

const BENCH = 'bench' as ServerId;
const WORK = 'work' as ServerId;
const CONFIG: StdioServerConfig = { env: {}, ...workbenchStdio(), type: 'stdio', cwd: null };
const MEMBER = { serverId: BENCH, tools: ['echo_text', 'fail'], prompts: [], resources: 'all' as const };

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const configFile = (): string => join(folder, 'config.json');

async function echo(app: HomeRuntime, path = '/servers/bench/mcp'): Promise<string> {
  const session = await openRawSession(app, path);
  return answerText(await session.callTool('echo_text', { text: 'hello' }));
}

describe('a server that somebody stops', () => {
  it('stays stopped until it is restarted', async () => {
    await using app = await startHomeRuntime(folder);
    await app.add(BENCH, CONFIG);
    await app.until(BENCH, 'connected');
    await app.page.servers.stop({ id: BENCH });
    expect(await app.server(BENCH)).toMatchObject({ state: 'stopped', pid: null });
    const session = await openRawSession(app, '/mcp');
    expect(answerError(await session.callTool('bench__echo_text', { text: 'x' })).message).toMatch(/stopped/);
    await app.page.servers.restart({ id: BENCH });
    await app.until(BENCH, 'connected');
    expect(await echo(app)).toBe('hello');
  });
});

describe("the app's config file, edited by hand", () => {
  it('S15: holds what was changed, starts the rest, and lets nothing but adding it again start it', async () => {
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, CONFIG);
      await app.add('other' as ServerId, CONFIG);
    }
    const text = await readFile(configFile(), 'utf8');
    const changed = { ...(JSON.parse(text) as { mcpServers: object }) };
    Object.assign(changed.mcpServers, {
      bench: { ...CONFIG, type: 'stdio', cwd: undefined, args: ['-e', 'process.exit()'] },
      unset: { command: 'x', env: { A: '${NOT_SET_ANYWHERE}' } },
      broken: { comand: 'x' },
    });
    await writeFile(configFile(), JSON.stringify(changed));

    await using app = await startHomeRuntime(folder);
    await app.until('other' as ServerId, 'connected');
    for (const [id, sentence] of [
      [BENCH, /changed outside the app/],
      ['unset', /outside the app/],
      ['broken', /unknown key "comand"/],
    ] as const) {
      expect(await app.server(id as ServerId)).toMatchObject({ state: 'failed', pid: null });
      expect((await app.server(id as ServerId)).failure).toMatch(sentence);
      await expect(app.page.servers.restart({ id: id as ServerId })).rejects.toThrow(sentence);
      await expect(app.page.servers.stop({ id: id as ServerId })).rejects.toThrow(sentence);
    }
    expect(app.log()).toMatch(/warning: .*unknown key "comand"/);

    await app.add(BENCH, CONFIG);
    await app.until(BENCH, 'connected');
    expect(await echo(app)).toBe('hello');
  });

  it('that is broken meanwhile is not touched, and nothing is started', async () => {
    await using app = await startHomeRuntime(folder);
    await writeFile(configFile(), '{"mcpServers": {"mine": ');
    await expect(app.add(BENCH, CONFIG)).rejects.toThrow(/line 1, column \d+: this is not valid JSON/);
    expect((await app.page.servers.watch({ cursor: null, waitMs: 0 })).servers).toEqual([]);
    expect(await readFile(configFile(), 'utf8')).toBe('{"mcpServers": {"mine": ');
  });
});

describe("a server's log", () => {
  it('comes to whoever waits for it', async () => {
    await using app = await startHomeRuntime(folder);
    await app.add(BENCH, CONFIG);
    await app.until(BENCH, 'connected');
    const { cursor } = await app.page.servers.log({ id: BENCH, cursor: null, waitMs: 0 });
    const waiting = app.page.servers.log({ id: BENCH, cursor, waitMs: 20_000 });
    const session = await openRawSession(app, '/servers/bench/mcp');
    await session.callTool('write_stderr', { text: 'look here' });
    expect((await waiting).lines.at(-1)).toMatchObject({ from: 'stderr', text: 'look here' });
    expect((await app.server(BENCH)).logLines).toBe(cursor + 1);
  });
});

describe('a virtual server', () => {
  it('is an endpoint with what was chosen, wakes the pages, and is there after a restart', async () => {
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, CONFIG);
      await app.until(BENCH, 'connected');
      const { cursor } = await app.page.servers.watch({ cursor: null, waitMs: 0 });
      const woken = app.page.servers.watch({ cursor, waitMs: 20_000 });
      await app.page.virtualServers.save({ id: WORK, description: 'for work', members: [MEMBER] });
      let feed = await woken;
      // What came before may wake it, too.
      while (feed.virtualServers.length === 0)
        feed = await app.page.servers.watch({ cursor: feed.cursor, waitMs: 20_000 });
      expect(feed.virtualServers).toEqual([
        { id: WORK, description: 'for work', members: [MEMBER], tools: 2, prompts: 0, resources: expect.any(Number) },
      ]);
    }
    await using app = await startHomeRuntime(folder);
    await app.until(BENCH, 'connected');
    const session = await openRawSession(app, '/servers/work/mcp');
    const answer = await session.request('tools/list', {});
    const { tools } = answer['result'] as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toEqual(['bench__echo_text', 'bench__fail']);
    expect(workbenchToolNames.length).toBeGreaterThan(2);

    await app.page.servers.remove({ id: BENCH });
    const { virtualServers } = await app.page.servers.watch({ cursor: null, waitMs: 0 });
    expect(virtualServers).toMatchObject([{ id: WORK, members: [MEMBER], tools: 0 }]);
    await app.page.virtualServers.remove({ id: WORK });
    expect(JSON.parse(await readFile(configFile(), 'utf8'))).toEqual({ mcpServers: {}, virtualServers: {} });
  });
});
