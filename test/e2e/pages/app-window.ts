import type { Locator, Page } from 'playwright-core';
import { createAddServerDialog, type AddServerDialog } from './add-server-dialog.ts';
import { createExportRoom, type ExportRoom } from './export-room.ts';
import { createLogPanel, type LogPanel } from './log-panel.ts';
import { createRedactionRoom, type RedactionRoom } from './redaction-room.ts';
import { createSettingsRoom, type SettingsRoom } from './settings-room.ts';
import { createSources, type Sources } from './sources.ts';
import { createSpanDetail, type SpanDetail } from './span-detail.ts';
import { createStartScreen, type StartScreen } from './start-screen.ts';
import { createToolbar, type Toolbar } from './toolbar.ts';
import { createTraceFiles, type TraceFiles } from './trace-files.ts';
import { createTraceList, type TraceList } from './trace-list.ts';
import { createTraceView, type TraceView } from './trace-view.ts';
import { createVirtualDialog, type VirtualDialog } from './virtual-dialog.ts';

/** One window of the app, by what it is made of. */
export interface AppWindow {
  readonly page: Page;
  readonly start: StartScreen;
  readonly toolbar: Toolbar;
  readonly sources: Sources;
  readonly traces: TraceList;
  readonly trace: TraceView;
  readonly detail: SpanDetail;
  readonly addServer: AddServerDialog;
  readonly virtualServer: VirtualDialog;
  readonly log: LogPanel;
  readonly redaction: RedactionRoom;
  readonly settings: SettingsRoom;
  readonly exports: ExportRoom;
  readonly files: TraceFiles;
  readonly keysDialog: Locator;
  readonly connectDialog: Locator;
  /** Stands above everything while the gateway does not answer. */
  readonly lostBanner: Locator;
  /** The page that explains why this address opens nothing. */
  readonly refusal: Locator;
  press(...keys: readonly string[]): Promise<void>;
  /** Everything a reader can see or have read out, and the markup around it. */
  everything(): Promise<string>;
  /** What went wrong behind the picture since the last time this was asked: console errors, uncaught errors, dialogs. */
  takeComplaints(): readonly string[];
}

export function createAppWindow(page: Page): AppWindow {
  let complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`A dialog said: ${dialog.message()}`);
    void dialog.dismiss();
  });

  return {
    page,
    start: createStartScreen(page),
    toolbar: createToolbar(page),
    sources: createSources(page),
    traces: createTraceList(page),
    trace: createTraceView(page),
    detail: createSpanDetail(page),
    addServer: createAddServerDialog(page),
    virtualServer: createVirtualDialog(page),
    log: createLogPanel(page),
    redaction: createRedactionRoom(page),
    settings: createSettingsRoom(page),
    exports: createExportRoom(page),
    files: createTraceFiles(page),
    keysDialog: page.getByRole('dialog', { name: 'Keys' }),
    connectDialog: page.getByRole('dialog', { name: 'Connect a client' }),
    lostBanner: page.getByRole('alert').filter({ hasText: 'The gateway is not answering.' }),
    refusal: page.getByRole('main').filter({ has: page.getByRole('heading', { name: /needs a fresh code/ }) }),
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    async everything() {
      return `${await page.content()}\n${await page.evaluate(() => document.body.innerText)}`;
    },
    takeComplaints() {
      const taken = complaints;
      complaints = [];
      return taken;
    },
  };
}
