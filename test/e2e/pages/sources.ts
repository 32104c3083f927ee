import type { Locator, Page } from 'playwright-core';

export interface Sources {
  readonly pane: Locator;
  readonly addServer: Locator;
  /** A server with its state and, when it failed, the reason. */
  server(id: string): Locator;
  /** Unfolds a server, then its tools, and answers with what stands there. */
  toolsOf(id: string): Promise<readonly string[]>;
}

export function createSources(page: Page): Sources {
  const pane = page.getByRole('navigation', { name: 'Sources' });
  const details = (id: string): Locator =>
    page.getByRole('button', { name: new RegExp(`^(Show|Hide) details of ${id}$`) });
  const server = (id: string): Locator => pane.getByRole('listitem').filter({ has: details(id) });

  return {
    pane,
    addServer: pane.getByRole('button', { name: 'Add a server' }),
    server,
    async toolsOf(id) {
      await details(id).click();
      await server(id)
        .getByRole('button', { name: /^\d+ tools?$/ })
        .click();
      return server(id).getByRole('list').getByRole('listitem').allInnerTexts();
    },
  };
}
