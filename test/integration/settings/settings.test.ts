import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { StdioServerConfig } from '../../../src/shared/domain/server.ts';
import type { TracingSettings } from '../../../src/shared/domain/settings.ts';
import { runCli, temporaryFolder } from '../../support/cli-process.ts';
import { workbenchStdio } from '../../support/fixture-servers.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { answerText, openRawSession, type RawSession } from '../../support/raw-session.ts';
import { newCallerContext } from '../../support/trace-context.ts';
import { startHomeRuntime, type HomeRuntime } from '../config/home-runtime.ts';

const BENCH = 'bench' as ServerId;
const CONFIG: StdioServerConfig = { env: {}, ...workbenchStdio(), type: 'stdio', cwd: null };

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const historyFile = (): string => join(folder, 'history', 'traces.db');

async function openBench(app: HomeRuntime): Promise<RawSession> {
  await app.until(BENCH, 'connected');
  return openRawSession(app, '/servers/bench/mcp');
}

/** Makes a call and answers with the id of its trace, which is recorded unless tracing is off. */
async function call(session: RawSession): Promise<string> {
  const { traceId, traceparent } = newCallerContext();
  expect(answerText(await session.callTool('echo_text', { text: 'hello' }, { traceparent }))).toBe('hello');
  return traceId;
}

async function stored(app: HomeRuntime): Promise<string[]> {
  const traces = (await (await app.rest('/api/traces?limit=1000')).json()) as { traceId: string }[];
  return traces.map(({ traceId }) => traceId);
}

async function settingsOf(app: HomeRuntime) {
  return app.page.settings.watch({ cursor: null, waitMs: 0 });
}

async function change(app: HomeRuntime, changes: Partial<TracingSettings>): Promise<void> {
  const { settings } = await settingsOf(app);
  const { capture, ...rest } = { ...settings, ...changes };
  const names = (spans: TracingSettings['capture']['requests']) => (typeof spans === 'string' ? spans : [...spans]);
  await app.page.settings.save({
    ...rest,
    capture: { requests: names(capture.requests), responses: names(capture.responses) },
  });
}

describe('tracing that is switched off and on while calls pass', () => {
  it('R92: records nothing while it is off, and the calls do not notice', async () => {
    await using app = await startHomeRuntime(folder);
    await app.add(BENCH, CONFIG);
    const session = await openBench(app);
    const before = await call(session);
    await change(app, { isRecording: false });
    const between = await call(session);
    await change(app, { isRecording: true });
    const after = await call(session);
    const ids = await stored(app);
    expect(ids).toEqual(expect.arrayContaining([before, after]));
    expect(ids).not.toContain(between);
  });

  it('R92: stays off over a restart, until it is switched on again', async () => {
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, CONFIG);
      await change(app, { isRecording: false });
    }
    await using app = await startHomeRuntime(folder);
    expect((await settingsOf(app)).settings.isRecording).toBe(false);
    const session = await openBench(app);
    const unrecorded = await call(session);
    await change(app, { isRecording: true });
    const recorded = await call(session);
    const ids = await stored(app);
    expect(ids).toContain(recorded);
    expect(ids).not.toContain(unrecorded);
  });
});

describe('history that is switched on and off while calls pass', () => {
  it('is off for a new user: nothing about a call is on disk, then and after the end', async () => {
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, CONFIG);
      await call(await openBench(app));
      expect(await settingsOf(app)).toMatchObject({ historyFile: null, settings: { keepsHistory: false } });
    }
    expect(await readdir(folder)).not.toContain('history');
  });

  it('R86 R102: once on, keeps what was in memory and what comes, for this user only, over a restart', async () => {
    const ids: string[] = [];
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, CONFIG);
      const session = await openBench(app);
      ids.push(await call(session));
      await change(app, { keepsHistory: true });
      expect((await settingsOf(app)).historyFile).toBe(historyFile());
      ids.push(await call(session));
      expect(await stored(app)).toEqual(expect.arrayContaining(ids));
      expect((await stat(join(folder, 'history'))).mode & 0o777).toBe(0o700);
      for (const name of await readdir(join(folder, 'history')))
        expect((await stat(join(folder, 'history', name))).mode & 0o777).toBe(0o600);
    }
    await using app = await startHomeRuntime(folder);
    expect((await settingsOf(app)).settings.keepsHistory).toBe(true);
    expect(await stored(app)).toEqual(expect.arrayContaining(ids));
  });

  it('once off, leaves nothing on disk, and the traces in memory until the end', async () => {
    {
      await using app = await startHomeRuntime(folder);
      await app.add(BENCH, CONFIG);
      const session = await openBench(app);
      await change(app, { keepsHistory: true });
      const id = await call(session);
      await change(app, { keepsHistory: false });
      expect(await stored(app)).toContain(id);
      expect(await readdir(join(folder, 'history'))).toEqual([]);
      const later = await call(session);
      expect(await stored(app)).toEqual(expect.arrayContaining([id, later]));
    }
    await using app = await startHomeRuntime(folder);
    expect(await settingsOf(app)).toMatchObject({ historyFile: null, settings: { keepsHistory: false } });
    await app.until(BENCH, 'connected');
    expect(existsSync(historyFile())).toBe(false);
  });

  it('cannot be switched when the command line says where traces are kept', async () => {
    const dataDir = join(folder, 'elsewhere');
    await using app = await startHomeRuntime(folder, { dataDir });
    const { fixed, settings } = await settingsOf(app);
    expect(settings.keepsHistory).toBe(true);
    const sentence = `This gateway was started with --data-dir, so traces are kept in ${join(dataDir, 'traces.db')}.`;
    expect(fixed).toEqual({ keepsHistory: sentence });
    await expect(change(app, { keepsHistory: false })).rejects.toThrow(sentence);
    await change(app, { isRecording: false });
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({
      gateway: { tracing: false },
    });
  });
});

describe('a history file that cannot be used', () => {
  async function writeNewer(file: string): Promise<Buffer> {
    await mkdir(join(file, '..'), { recursive: true });
    const newer = new DatabaseSync(file);
    newer.exec('CREATE TABLE future (x); PRAGMA user_version = 99');
    newer.close();
    return readFile(file);
  }

  it('R86: costs the app the history of this run, not its gateway, and says so on the page and in the log', async () => {
    const bytes = await writeNewer(historyFile());
    await writeFile(join(folder, 'config.json'), '{"mcpServers": {}, "gateway": {"history": true}}');
    await using app = await startHomeRuntime(folder);
    const { settings, fixed, historyFile: file } = await settingsOf(app);
    expect({ keeps: settings.keepsHistory, file }).toEqual({ keeps: false, file: null });
    expect(fixed.keepsHistory).toMatch(/^Traces are in memory in this run\. .* written by a newer Throughline/);
    expect(app.log()).toMatch(/warning: .*was written by a newer Throughline/);
    expect(await readFile(historyFile())).toEqual(bytes);
    await change(app, { spanNaming: 'semconv' });
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({
      gateway: { history: true, spanNaming: 'semconv' },
    });
  });

  it('R86: is refused when the command line names it, with exit code 1 and one sentence, and left as it is', async () => {
    const file = join(folder, 'traces.db');
    const bytes = await writeNewer(file);
    const { code, stdout, stderr } = await runCli(['serve', '--port', '0', '--data-dir', folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^throughline: The history file \S+ was written by a newer Throughline \(schema 99, this one knows \d+\): update Throughline or choose another data directory\.\n$/,
    );
    expect(await readFile(file)).toEqual(bytes);
  });

  it('is refused when another gateway keeps its traces there', async () => {
    const args = ['--data-dir', folder];
    await using first = await startGateway({ args });
    const { code, stderr } = await runCli(['serve', '--port', '0', ...args]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is in use by another Throughline: stop that one or choose another data directory\.\n$/);
    expect((await first.rest('/health')).status).toBe(200);
  });

  it('is not asked for without a folder: the config file that wants one stops the start', async () => {
    const config = join(folder, 'servers.json');
    await writeFile(config, '{"mcpServers": {}, "gateway": {"history": true}}');
    const { code, stderr } = await runCli(['serve', '--port', '0', '--config', config]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^throughline: gateway\.history is on, but there is no folder .* --data-dir DIR.*\n$/);
  });
});
