import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Locator, Page } from 'playwright-core';

export interface SavedFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
}

/** Files with traces: those that are saved and those that are opened. */
export interface TraceFiles {
  readonly saveDialog: Locator;
  readonly openButton: Locator;
  readonly openDialog: Locator;
  /** Of the files that were opened, what became of each. */
  readonly reports: Locator;
  /** Lies over everything while files are held over the window. */
  readonly overlay: Locator;
  /** In the open dialog for saving: chooses by the words on the cards, and takes what the browser is handed. */
  save(...choices: readonly string[]): Promise<SavedFile>;
  choose(...paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
  holdOver(path: string): Promise<void>;
  drop(path: string): Promise<void>;
}

export function createTraceFiles(page: Page): TraceFiles {
  const saveDialog = page.getByRole('dialog', { name: 'Save traces as a file' });
  const openDialog = page.getByRole('dialog', { name: 'Open files with traces' });

  async function drag(event: 'dragenter' | 'drop', path: string): Promise<void> {
    const text = readFileSync(path, 'utf8');
    const dataTransfer = await page.evaluateHandle(
      ([name, content]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], name));
        return transfer;
      },
      [basename(path), text] as const,
    );
    await page.dispatchEvent('body', event, { dataTransfer });
  }

  return {
    saveDialog,
    openButton: page.getByRole('banner').getByRole('button', { name: /^Open files with traces/ }),
    openDialog,
    reports: openDialog.getByRole('list', { name: 'Files' }).locator(':scope > li'),
    overlay: page.getByText('Drop to open', { exact: true }),
    async save(...choices) {
      for (const choice of choices) await saveDialog.getByText(choice, { exact: true }).click();
      const saving = page.waitForEvent('download');
      await saveDialog.getByRole('button', { name: 'Save the file' }).click();
      const download = await saving;
      const path = await download.path();
      return { name: download.suggestedFilename(), path, bytes: readFileSync(path) };
    },
    choose: (...paths) => openDialog.getByLabel('Files with traces', { exact: true }).setInputFiles([...paths]),
    close: () => openDialog.getByRole('button', { name: 'Close' }).last().click(),
    holdOver: (path) => drag('dragenter', path),
    drop: (path) => drag('drop', path),
  };
}
