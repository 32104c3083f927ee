import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { startGateway, type GatewayOptions, type GatewayProcess } from '../support/gateway-process.ts';
import { launchChromium } from './chromium.ts';
import { createAppWindow, type AppWindow } from './pages/app-window.ts';

const WAIT_MS = 15_000;
const POLL_MS = 40;
const DEFAULT_SIZE = { width: 1280, height: 800 };
/** A browser, a gateway and servers start in each test, on machines that may be busy. */
const TEST_TIMEOUT_MS = 90_000;
const FAILURES_FOLDER = 'test-results/e2e';

export interface StageGatewayOptions extends GatewayOptions {
  /** False: its page may look but not change anything. */
  readonly manage?: boolean;
}

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS, hookTimeout: TEST_TIMEOUT_MS });

export type WindowOptions = Pick<BrowserContextOptions, 'viewport' | 'colorScheme'>;

/** What a test plays on: gateways and windows that are gone, and have been asked for complaints, when it ends. */
export interface Stage {
  startGateway(options?: StageGatewayOptions): Promise<GatewayProcess>;
  /** A window of a browser that has never been here, at an address. */
  visit(address: string, options?: WindowOptions): Promise<AppWindow>;
  /** Another tab of a window's browser: it shares cookies and storage of the site, not those of the tab. */
  openTab(window: AppWindow, address: string): Promise<AppWindow>;
  /** The same as `visit`, for the first window of a gateway: its one-time code is then spent. */
  open(gateway: GatewayProcess, options?: WindowOptions): Promise<AppWindow>;
}

interface ManagedStage extends Stage {
  photograph(title: string): Promise<void>;
  /** Closes everything; answers with what any window complained about. */
  clear(): Promise<readonly string[]>;
}

function createStage(browser: Browser): ManagedStage {
  const gateways: GatewayProcess[] = [];
  const windows: AppWindow[] = [];

  async function openIn(context: BrowserContext, address: string): Promise<AppWindow> {
    const window = createAppWindow(await context.newPage());
    windows.push(window);
    await window.page.goto(address);
    return window;
  }

  async function visit(address: string, options: WindowOptions = {}): Promise<AppWindow> {
    const context = await browser.newContext({ viewport: DEFAULT_SIZE, ...options });
    context.setDefaultTimeout(WAIT_MS);
    return openIn(context, address);
  }

  return {
    async startGateway({ manage = true, args = [], ...options } = {}) {
      const gateway = await startGateway({ ...options, args: [...(manage ? ['--manage'] : []), ...args] });
      gateways.push(gateway);
      return gateway;
    },
    visit,
    openTab: (window, address) => openIn(window.page.context(), address),
    open: (gateway, options) => visit(gateway.ready.ui, options),
    async photograph(title) {
      mkdirSync(FAILURES_FOLDER, { recursive: true });
      for (const [index, { page }] of windows.entries()) {
        const name = title.replaceAll(/\W+/g, '-').slice(0, 80);
        await page.screenshot({ path: `${FAILURES_FOLDER}/${name}-${index + 1}.png` });
      }
    },
    async clear() {
      // Windows first: a page complains about a gateway that goes away, and here that would say nothing.
      await Promise.all(windows.map(({ page }) => page.context().close()));
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      return windows.flatMap((window) => window.takeComplaints());
    },
  };
}

/** A test with a browser. It fails when any window of it wrote an error to its console. */
export const it = test
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('stage', async ({ browser, task }, { onCleanup }): Promise<Stage> => {
    const stage = createStage(browser);
    onCleanup(async () => {
      if (task.result?.state === 'fail') await stage.photograph(task.name);
      expect(await stage.clear(), 'complaints in the console').toEqual([]);
    });
    return stage;
  });

/** Asks until the expectation holds: for what another process or the next frame decides. */
export function soon<T>(probe: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(probe, { timeout: WAIT_MS, interval: POLL_MS });
}
