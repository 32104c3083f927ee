import type { Locator, Page } from 'playwright-core';

export interface TypedEndpoint {
  readonly name: string;
  readonly address: string;
  readonly filter?: string;
  readonly header?: readonly [name: string, value: string];
}

/** The page about what leaves this machine. */
export interface ExportRoom {
  readonly main: Locator;
  readonly add: Locator;
  readonly endpoints: Locator;
  /** Where to, and which traces. */
  readonly form: Locator;
  /** What would leave. */
  readonly preview: Locator;
  /** What the endpoint said when it was tried. */
  readonly trial: Locator;
  open(): Promise<void>;
  endpoint(name: string): Locator;
  /** What stands beside a word in the preview. */
  factOf(name: string): Promise<string>;
  fill(typed: TypedEndpoint): Promise<void>;
}

export function createExportRoom(page: Page): ExportRoom {
  const main = page.getByRole('main', { name: 'Export' });
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  const endpoints = main.getByRole('list', { name: 'Endpoints' });
  const form = page.getByRole('dialog', { name: /^(Add an endpoint|Edit “.*”)$/ });
  const preview = page.getByRole('dialog', { name: /^What leaves for/ });
  return {
    main,
    add: main.getByRole('button', { name: 'Add an endpoint' }),
    endpoints,
    form,
    preview,
    trial: preview.getByRole('status').filter({ hasText: /./ }),
    open: () => rooms.getByRole('button', { name: 'Export' }).click(),
    endpoint: (name) => endpoints.getByRole('listitem', { name }),
    factOf: (name) => preview.locator(`dt:text-is("${name}") + dd`).innerText(),
    async fill({ name, address, filter, header }) {
      await form.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
      await form.getByRole('textbox', { name: 'Address' }).fill(address);
      if (filter !== undefined) await form.getByRole('textbox', { name: 'Filter' }).fill(filter);
      if (header === undefined) return;
      await form.getByRole('button', { name: 'Add a header' }).click();
      await form.getByRole('textbox', { name: 'Name of header 1' }).fill(header[0]);
      await form.getByLabel(`Value of ${header[0]}`).fill(header[1]);
    },
  };
}
