import type { Locator, Page } from 'playwright-core';

export interface ProgramDraft {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
}

/** What the consent step says would be started or called: each fact's name with its values. */
export type ConsentFacts = Readonly<Record<string, readonly string[]>>;

export interface AddServerDialog {
  readonly form: Locator;
  readonly consent: Locator;
  readonly cancel: Locator;
  /** Agrees to what the consent step shows. */
  readonly agree: Locator;
  /** What the consent step shows in full, each in a box of its own. */
  readonly exactTexts: Locator;
  fillProgram(draft: ProgramDraft): Promise<void>;
  fillAddress(name: string, url: string): Promise<void>;
  review(): Promise<void>;
  facts(): Promise<ConsentFacts>;
}

export function createAddServerDialog(page: Page): AddServerDialog {
  const form = page.getByRole('dialog', { name: 'Add a server' });
  const consent = page.getByRole('dialog', { name: /^(Start|Connect) “.*”\?$/ });
  const field = (label: string): Locator => form.getByRole('textbox', { name: label, exact: true });

  return {
    form,
    consent,
    cancel: page.getByRole('dialog').getByRole('button', { name: 'Cancel' }),
    agree: consent.getByRole('button', { name: /^(Start|Connect) this server$/ }),
    exactTexts: consent.getByRole('code'),
    async fillProgram({ name, command, args = [] }) {
      await field('Name').fill(name);
      await field('Command').fill(command);
      await field('Arguments').fill(args.join('\n'));
    },
    async fillAddress(name, url) {
      await field('Name').fill(name);
      await form.getByRole('radio', { name: /^Call an address/ }).click();
      await field('Address').fill(url);
    },
    async review() {
      await form.getByRole('button', { name: 'Review…' }).click();
      await consent.waitFor();
    },
    async facts() {
      const names = await consent.getByRole('term').allInnerTexts();
      const values = await Promise.all(
        (await consent.getByRole('definition').all()).map(async (definition) => {
          const exact = await definition.getByRole('code').allTextContents();
          return exact.length > 0 ? exact : [await definition.innerText()];
        }),
      );
      return Object.fromEntries(names.map((name, index) => [name, values[index] ?? []]));
    },
  };
}
