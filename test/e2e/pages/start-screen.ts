import type { Locator, Page } from 'playwright-core';

/** What a newcomer sees: no servers, nothing recorded. */
export interface StartScreen {
  readonly heading: Locator;
  readonly playDemo: Locator;
  readonly addServer: Locator;
  /** Whatever would take a configuration from somewhere else. */
  readonly imports: Locator;
}

export function createStartScreen(page: Page): StartScreen {
  const main = page.getByRole('main');
  return {
    heading: main.getByRole('heading', { level: 1, name: 'See every MCP call your agent really makes' }),
    playDemo: main.getByRole('button', { name: 'Play the demo' }),
    addServer: main.getByRole('button', { name: 'Add a server' }),
    imports: page.getByRole('button', { name: /import/i }).or(page.getByRole('link', { name: /import/i })),
  };
}
