import type { Locator, Page } from 'playwright-core';

/** What a server printed, below everything else. */
export interface LogPanel {
  readonly pane: Locator;
  /** The scrolling part; only the lines in view are there. */
  readonly lines: Locator;
  readonly server: Locator;
  readonly find: Locator;
  readonly close: Locator;
  /** Leads back to the end; there only while the reader is elsewhere. */
  readonly toNewest: Locator;
  line(text: string | RegExp): Locator;
}

export function createLogPanel(page: Page): LogPanel {
  const pane = page.getByRole('complementary', { name: 'Server log' });
  const lines = pane.getByRole('log');
  return {
    pane,
    lines,
    server: pane.getByRole('combobox', { name: 'Server whose log is shown' }),
    find: pane.getByRole('textbox', { name: 'Find in the log' }),
    close: pane.getByRole('button', { name: 'Close the log (Esc)' }),
    toNewest: pane.getByRole('button', { name: 'To the newest' }),
    line: (text) => lines.getByText(text),
  };
}
