import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAppHome } from '../../../src/runtime/app-home.ts';
import { openSettingsDesk, type RunningSettingsDesk } from '../../../src/runtime/settings/settings-desk.ts';
import type { ServerShelf } from '../../../src/runtime/server-shelf.ts';
import type { SettingsFeed } from '../../../src/shared/contract/messages.ts';
import { DEFAULT_TRACING_SETTINGS, type TracingSettings } from '../../../src/shared/domain/settings.ts';
import { UserError } from '../../../src/shared/kernel/user-error.ts';
import type { TraceStore } from '../../../src/store/port.ts';
import { temporaryFolder } from '../../support/cli-process.ts';
import { makeSpan } from '../../support/make-span.ts';
import { openStore } from '../../support/open-store.ts';

const OTHER: TracingSettings = {
  isRecording: false,
  spanNaming: 'semconv',
  capture: { requests: ['tool.invoke'], responses: 'none' },
  capturesIdentity: true,
  receivesSpans: false,
  keepsHistory: true,
  retention: { days: 7, traces: 1_000, megabytes: 64 },
};

interface Opened {
  readonly desk: RunningSettingsDesk;
  readonly store: TraceStore;
  readonly folder: string;
  readonly file: string;
  /** What the app's own config file says, read anew. */
  kept(): Promise<TracingSettings>;
}

async function openDesk(parts: { fixed?: SettingsFeed['fixed']; shelf?: Partial<ServerShelf> } = {}): Promise<Opened> {
  const folder = temporaryFolder();
  const home = await openAppHome(folder, {});
  const store = await openStore();
  const desk = openSettingsDesk({
    initial: home.config.tracing,
    fixed: parts.fixed ?? {},
    historyFile: home.historyFile,
    store,
    shelf: { ...home.shelf, ...parts.shelf },
  });
  onTestFinished(() => {
    desk.stop();
  });
  const kept = async (): Promise<TracingSettings> => (await openAppHome(folder, {})).config.tracing;
  return { desk, store, folder, file: home.historyFile, kept };
}

async function sentenceOf(failing: Promise<void>): Promise<string> {
  const failure = await failing.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  return (failure as UserError).message;
}

describe('what is set about tracing', () => {
  it('is at its defaults for a new user: in memory, recorded whole, and no address of a client', async () => {
    const { desk } = await openDesk();
    expect(desk.current()).toEqual(DEFAULT_TRACING_SETTINGS);
    expect(DEFAULT_TRACING_SETTINGS).toMatchObject({ keepsHistory: false, capturesIdentity: false, isRecording: true });
    expect(await desk.watch(null, 0)).toMatchObject({ historyFile: null, fixed: {}, receiver: { requests: 0 } });
  });

  it('R93: is in force once it is saved, and is there again after a restart', async () => {
    const { desk, store, file, kept } = await openDesk();
    await desk.save(OTHER);
    expect(desk.current()).toEqual(OTHER);
    expect(await desk.watch(null, 0)).toMatchObject({ settings: OTHER, historyFile: file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await store.stats()).budgetBytes).toBe(64 * 1024 * 1024);
    expect(await kept()).toEqual(OTHER);
  });

  it('R93: writes down what was changed, and leaves everything else in the file as it is', async () => {
    const { desk, folder } = await openDesk();
    const config = join(folder, 'config.json');
    await writeFile(
      config,
      '{\n  // mine\n  "mcpServers": {},\n  "gateway": { "history": false, "idleStopMs": 5 }\n}\n',
    );
    await desk.save({ ...DEFAULT_TRACING_SETTINGS, retention: { days: 3, traces: 0, megabytes: 256 } });
    const text = await readFile(config, 'utf8');
    expect(text).toContain('// mine');
    expect(JSON.parse(text.replace('// mine', ''))).toEqual({
      mcpServers: {},
      gateway: { history: false, idleStopMs: 5, retention: { days: 3 } },
    });
  });

  it('wakes who waits for a change, and tells of what came over OTLP', async () => {
    const { desk } = await openDesk();
    const counts = { acceptedSpans: 3, rejectedSpans: 1, requests: 2, refusedRequests: 0, services: ['agent'] };
    const first = await desk.watch(null, 0);
    const next = desk.watch(first.cursor, 25_000);
    desk.receivesThrough(() => counts);
    await desk.save({ ...DEFAULT_TRACING_SETTINGS, isRecording: false });
    expect(await next).toMatchObject({ settings: { isRecording: false }, receiver: counts });
  });

  it('R89: limits are in force for what is stored already', async () => {
    const { desk, store } = await openDesk();
    store.put({ spans: [makeSpan()], payloads: [] });
    expect(await store.list('', 1)).toHaveLength(1);
    await desk.save({ ...DEFAULT_TRACING_SETTINGS, retention: { days: 1, traces: 0, megabytes: 1 } });
    expect(await store.list('', 1)).toEqual([]);
  });
});

describe('settings that cannot be', () => {
  it('are refused with the sentence that fixes them, and nothing changes', async () => {
    const { desk, kept } = await openDesk({ fixed: { keepsHistory: 'It was decided elsewhere.' } });
    expect(await sentenceOf(desk.save(OTHER))).toBe('It was decided elsewhere.');
    expect(desk.current()).toEqual(DEFAULT_TRACING_SETTINGS);
    expect(await kept()).toEqual(DEFAULT_TRACING_SETTINGS);
    await desk.save({ ...OTHER, keepsHistory: false });
    expect(await kept()).toEqual({ ...OTHER, keepsHistory: false });
  });

  it('change nothing when the history file is in use, and are not written down', async () => {
    const { desk, store, file, kept } = await openDesk();
    store.put({ spans: [makeSpan()], payloads: [] });
    const other = await openStore({ file });
    expect(await sentenceOf(desk.save(OTHER))).toContain('is in use by another Throughline');
    expect(desk.current()).toEqual(DEFAULT_TRACING_SETTINGS);
    expect(await desk.watch(null, 0)).toMatchObject({ historyFile: null });
    expect(await kept()).toEqual(DEFAULT_TRACING_SETTINGS);
    // Not even the limits, which would have let the trace go.
    expect(await store.list('', 1)).toHaveLength(1);
    await other.close();
    await desk.save(OTHER);
    expect(desk.current()).toEqual(OTHER);
  });

  it('change nothing when they cannot be written down', async () => {
    const { desk, file } = await openDesk({
      shelf: { saveSettings: () => Promise.reject(new UserError('The disk is full.')) },
    });
    expect(await sentenceOf(desk.save(OTHER))).toBe('The disk is full.');
    expect(desk.current()).toEqual(DEFAULT_TRACING_SETTINGS);
    await expect(stat(file)).rejects.toThrow();
  });

  it('are put in force one after the other', async () => {
    const { desk, kept } = await openDesk();
    await Promise.all([
      desk.save(OTHER),
      desk.save(DEFAULT_TRACING_SETTINGS),
      desk.save({ ...OTHER, spanNaming: 'seed' }),
    ]);
    expect(desk.current()).toEqual({ ...OTHER, spanNaming: 'seed' });
    expect(await kept()).toEqual({ ...OTHER, spanNaming: 'seed' });
  });
});
