import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronBinary } from '../../scripts/setup/electron.mjs';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'desktop', 'main.js');
const ROOT_USER = 0;

const binary = electronBinary();
const missing = binary === null ? ' (skipped: no Electron binary)' : '';

describe.skipIf(binary === null)(`the app in Electron${missing}`, () => {
  let home: string;
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    if (binary === null) return;
    const { _electron } = await import('playwright-core');
    home = await mkdtemp(join(tmpdir(), 'throughline-electron-'));
    // Only here: as root, as tests often run, Chromium starts no other way.
    const sandbox = process.getuid?.() === ROOT_USER ? ['--no-sandbox'] : [];
    app = await _electron.launch({
      executablePath: binary,
      args: [...sandbox, MAIN],
      env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), THROUGHLINE_PORT: '0' },
    });
    page = await app.firstWindow();
  });

  afterAll(async () => {
    if (binary === null) return;
    await app.close();
    await rm(home, { recursive: true, force: true });
  });

  it(`S28: shows our own page under its own scheme${missing}`, () => {
    expect(page.url()).toBe('app://throughline/index.html');
  });

  it(`S10: the running window is isolated, sandboxed and without Node${missing}`, async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Not in Electron's types, but the only way to ask what is in force.
      return (window?.webContents as { getLastWebPreferences?: () => object } | undefined)?.getLastWebPreferences?.();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(await page.evaluate(() => ['process' in globalThis, 'require' in globalThis])).toEqual([false, false]);
  });

  it(`S9: the page can neither leave nor open a window${missing}`, async () => {
    await page.evaluate(() => {
      window.location.href = 'https://elsewhere.example/';
    });
    expect(await page.evaluate(() => window.open('https://elsewhere.example/') === null)).toBe(true);
    expect(page.url()).toBe('app://throughline/index.html');
    expect(app.windows()).toHaveLength(1);
  });

  it(`the page is connected to the gateway of the app${missing}`, async () => {
    await page.getByRole('button', { name: /demo/i }).first().waitFor();
  });
});
