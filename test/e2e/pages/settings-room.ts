import type { Locator, Page } from 'playwright-core';

/** The page about what is recorded and kept. */
export interface SettingsRoom {
  readonly main: Locator;
  /** In the toolbar, while nothing is recorded; leads here. */
  readonly notRecording: Locator;
  open(): Promise<void>;
  /** One thing that can be set, by its name. */
  row(name: string): Locator;
  switchOf(name: string): Locator;
  isOn(name: string): Promise<boolean>;
}

export function createSettingsRoom(page: Page): SettingsRoom {
  const main = page.getByRole('main', { name: 'Settings' });
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  const row = (name: string): Locator => main.getByRole('group', { name, exact: true });
  const switchOf = (name: string): Locator => row(name).getByRole('switch', { name });
  return {
    main,
    notRecording: page.getByRole('banner').getByRole('button', { name: 'Not recording' }),
    open: () => rooms.getByRole('button', { name: 'Settings' }).click(),
    row,
    switchOf,
    isOn: async (name) => (await switchOf(name).getAttribute('aria-checked')) === 'true',
  };
}
