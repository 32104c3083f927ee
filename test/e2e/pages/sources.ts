import type { Locator, Page } from 'playwright-core';

export interface Sources {
  readonly pane: Locator;
  readonly addServer: Locator;
  /** A server with its state and, when it failed, the reason. */
  server(id: string): Locator;
  /** A virtual server with what it offers. */
  readonly addVirtual: Locator;
  virtual(id: string): Locator;
  /** A client that was seen, with its era and how many traces it has. */
  client(name: string): Locator;
  /** Unfolds a server or a virtual server. */
  unfold(id: string): Promise<void>;
  /** What an unfolded server says of itself, by name. */
  factsOf(id: string): Promise<Readonly<Record<string, string>>>;
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
    addVirtual: pane.getByRole('button', { name: 'Add a virtual server' }),
    virtual: (id) =>
      pane
        .getByRole('list', { name: 'Virtual servers' })
        .getByRole('listitem')
        .filter({ has: details(id) }),
    client: (name) => pane.getByRole('list', { name: 'Clients seen' }).getByRole('listitem').filter({ hasText: name }),
    unfold: (id) => details(id).click(),
    async factsOf(id) {
      const names = await server(id).getByRole('term').allInnerTexts();
      const values = await server(id).getByRole('definition').allInnerTexts();
      return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
    },
    async toolsOf(id) {
      await details(id).click();
      await server(id)
        .getByRole('button', { name: /^Tools/ })
        .click();
      return server(id).getByRole('list', { name: 'Tools' }).getByRole('listitem').allInnerTexts();
    },
  };
}
