import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDesktop } from '../../src/desktop/desktop.ts';
import type { DesktopHost } from '../../src/desktop/desktop-host.ts';
import { CONNECT_CHANNEL } from '../../src/desktop/ipc/channels.ts';
import { createContractRouter } from '../../src/runtime/operations/create-contract-router.ts';
import { createListeners } from '../../src/shared/kernel/listeners.ts';
import { UserError } from '../../src/shared/kernel/user-error.ts';
import { createPortPair } from '../support/electron/message-port.ts';
import { ipcEvent } from '../support/electron/web-contents.ts';
import type { WindowDouble } from '../support/electron/window.ts';
import { createElectronDouble, type ElectronDouble, type ElectronDoubleOptions } from '../support/electron-double.ts';
import { createFakeServices } from '../support/fake-services.ts';

let appDir: string;

beforeEach(async () => {
  appDir = await mkdtemp(join(tmpdir(), 'throughline-desktop-'));
});

afterEach(async () => {
  await rm(appDir, { recursive: true, force: true });
});

/** Lets everything that is ready to run do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Started {
  readonly double: ElectronDouble;
  readonly stops: string[];
  /** As the runtime tells that secrets are kept for showing them, or no longer. */
  readonly reveal: (isOn: boolean) => void;
}

async function start(host: Partial<DesktopHost> = {}, options: ElectronDoubleOptions = {}): Promise<Started> {
  const double = createElectronDouble(options);
  const stops: string[] = [];
  const report = (): void => undefined;
  const revealing = createListeners<boolean>();
  const running = startDesktop(double.electron, {
    appDir,
    rendererDir: join(appDir, 'renderer'),
    preload: '/app/preload.cjs',
    isMac: false,
    onCrash: () => undefined,
    startRuntime: () =>
      Promise.resolve({
        router: createContractRouter(createFakeServices(), report),
        report,
        onReveal: revealing.add,
        stop: () => {
          stops.push('runtime');
          return Promise.resolve();
        },
      }),
    ...host,
  });
  await settle();
  double.becomesReady();
  await Promise.race([running, settle()]);
  await settle();
  return { double, stops, reveal: revealing.emit };
}

function onlyWindow({ windows }: ElectronDouble): WindowDouble {
  const [window] = windows;
  if (window === undefined || windows.length > 1) throw new Error(`There are ${windows.length} windows.`);
  return window;
}

describe('the desktop app', () => {
  it('S10: sandboxes every renderer before the app is ready, and takes the lock of its own folder', async () => {
    const { double } = await start();
    expect(double.calls.slice(0, 4)).toEqual([
      'setName Throughline',
      `setPath userData ${join(appDir, 'electron')}`,
      'enableSandbox',
      'requestSingleInstanceLock',
    ]);
  });

  it('keeps its window out of screenshots while hidden values are kept for showing them', async () => {
    const { double, reveal } = await start();
    reveal(true);
    expect(onlyWindow(double).isContentProtected).toBe(true);
    reveal(false);
    expect(onlyWindow(double).isContentProtected).toBe(false);
  });

  it('R25: what nobody foresaw goes to the log through the runtime, not into a dialog, and ends the app', async () => {
    const reports: unknown[] = [];
    let crash: (thrown: unknown) => void = () => undefined;
    const { double } = await start({
      onCrash: (listener) => {
        crash = listener;
      },
      startRuntime: () =>
        Promise.resolve({
          router: createContractRouter(createFakeServices(), () => undefined),
          report: (_doing, thrown) => reports.push(thrown),
          onReveal: () => () => undefined,
          stop: () => Promise.resolve(),
        }),
    });
    const thrown = new Error('unforeseen');
    crash(thrown);
    expect(reports).toEqual([thrown]);
    expect(double.exitCode()).toBe(1);
  });

  it('opens one window on our own page, with the preload script of the build', async () => {
    const { double } = await start();
    const window = onlyWindow(double);
    expect(window.loaded).toEqual(['app://throughline/index.html']);
    expect(window.options.webPreferences?.preload).toBe('/app/preload.cjs');
  });

  it('S9: the window is locked in place before its page is loaded', async () => {
    const { page } = onlyWindow((await start()).double);
    expect(page.tries('will-navigate')).toBe(false);
    expect(page.opensWindow('https://example.com/')).toBe(false);
  });

  it('S8: a link to elsewhere is asked about and then opened outside', async () => {
    const { double } = await start();
    double.answer = 0;
    onlyWindow(double).page.opensWindow('https://example.com/docs');
    await settle();
    expect(double.opened).toEqual(['https://example.com/docs']);
  });

  it('S28: answers every kind of permission question', async () => {
    const { permissions } = (await start()).double;
    expect(Object.values(permissions)).not.toContain(null);
  });

  it('S11: the page of the window gets its line, another gets none', async () => {
    const { double } = await start();
    const { page } = onlyWindow(double);
    const own = createPortPair();
    const stranger = createPortPair();
    const sender = page.contents;
    double.sendIpc(CONNECT_CHANNEL, ipcEvent({ sender, senderFrame: null, ports: [stranger.main] }));
    double.sendIpc(CONNECT_CHANNEL, ipcEvent({ sender, senderFrame: page.mainFrame, ports: [own.main] }));
    expect([own.isClosedByMain(), stranger.isClosedByMain()]).toEqual([false, true]);
    own.page.close();
  });

  it('ends at once when another instance runs, and starts nothing', async () => {
    let started = false;
    const startRuntime = (): Promise<never> => {
      started = true;
      return Promise.reject(new Error('not to be started'));
    };
    const { double } = await start({ startRuntime }, { hasLock: false });
    expect(double.exitCode()).toBe(0);
    expect(double.windows).toEqual([]);
    expect(started).toBe(false);
  });

  it('shows its window when it is started again', async () => {
    const { double } = await start();
    double.secondInstance();
    expect(onlyWindow(double).calls).toEqual(['show', 'focus']);
  });

  it('tells in one sentence why the gateway cannot run, and ends', async () => {
    const { double } = await start({ startRuntime: () => Promise.reject(new UserError('Port 4820 is in use.')) });
    expect(double.calls).toContain('showErrorBox Throughline could not start: Port 4820 is in use.');
    expect(double.exitCode()).toBe(1);
    expect(double.windows).toEqual([]);
  });

  it('shows nothing of a failure that nobody foresaw but its kind', async () => {
    const { double } = await start({ startRuntime: () => Promise.reject(new TypeError('secret in the message')) });
    expect(double.calls.join()).toContain('(TypeError)');
    expect(double.calls.join()).not.toContain('secret');
  });

  it('closing the window stops the runtime and then ends the app', async () => {
    const { double, stops } = await start();
    onlyWindow(double).userCloses();
    expect(double.exitCode()).toBeNull();
    await settle();
    expect(stops).toEqual(['runtime']);
    expect(double.exitCode()).toBe(0);
  });

  it('on macOS the app outlives its window and opens it again', async () => {
    const { double, stops } = await start({ isMac: true });
    onlyWindow(double).userCloses();
    await settle();
    expect([double.exitCode(), stops]).toEqual([null, []]);
    double.activate();
    expect(double.windows).toHaveLength(1);
  });

  it('opens where its window was when it was quit', async () => {
    const first = await start();
    onlyWindow(first.double).bounds = { x: 300, y: 200, width: 1100, height: 700 };
    first.double.electron.app.quit();
    await settle();
    const second = await start();
    expect(onlyWindow(second.double).options).toMatchObject({ x: 300, y: 200, width: 1100, height: 700 });
  });

  it('asked to quit while it starts, it stops what has been started', async () => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<DesktopHost['startRuntime']>>>();
    const { double } = await start({ startRuntime: () => promise });
    double.electron.app.quit();
    await settle();
    expect(double.exitCode()).toBeNull();
    const stops: string[] = [];
    resolve({
      router: createContractRouter(createFakeServices(), () => undefined),
      report: () => undefined,
      onReveal: () => () => undefined,
      stop: () => {
        stops.push('runtime');
        return Promise.resolve();
      },
    });
    await settle();
    expect(stops).toEqual(['runtime']);
    expect(double.exitCode()).toBe(0);
  });
});
