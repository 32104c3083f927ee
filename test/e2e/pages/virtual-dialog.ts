import type { Locator, Page } from 'playwright-core';

export interface VirtualDialog {
  /** The dialog for a new one. */
  readonly form: Locator;
  readonly editForm: Locator;
  readonly name: Locator;
  readonly description: Locator;
  readonly find: Locator;
  readonly add: Locator;
  readonly save: Locator;
  /** How much is chosen, or what is missing. */
  readonly chosen: Locator;
  unfold(serverId: string): Promise<void>;
  box(name: string | RegExp): Locator;
}

export function createVirtualDialog(page: Page): VirtualDialog {
  const form = page.getByRole('dialog', { name: 'Add a virtual server' });
  const editForm = page.getByRole('dialog', { name: /^Edit “/ });
  const either = form.or(editForm);
  return {
    form,
    editForm,
    name: form.getByRole('textbox', { name: 'Name' }),
    description: either.getByRole('textbox', { name: 'Description' }),
    find: either.getByRole('textbox', { name: 'Find a tool, prompt or resource' }),
    add: form.getByRole('button', { name: 'Add', exact: true }),
    save: editForm.getByRole('button', { name: 'Save' }),
    chosen: either.getByRole('status'),
    unfold: (serverId) => either.getByRole('button', { name: `Show what ${serverId} offers` }).click(),
    box: (name) => either.getByRole('checkbox', { name }),
  };
}
