import type { Locator, Page } from 'playwright-core';

export interface Toolbar {
  /** `Live`, `Paused` or `Offline`, and how many traces came while paused. */
  readonly state: Locator;
  readonly pause: Locator;
  readonly resume: Locator;
  readonly filter: Locator;
  /** The sentence about a filter that cannot be understood. */
  readonly filterComplaint: Locator;
  readonly theme: Locator;
  readonly sources: Locator;
  readonly connectClient: Locator;
}

export function createToolbar(page: Page): Toolbar {
  const banner = page.getByRole('banner');
  return {
    state: banner.getByRole('status').filter({ hasText: /Live|Paused|Offline/ }),
    pause: banner.getByRole('button', { name: /^Pause/ }),
    resume: banner.getByRole('button', { name: /^Resume/ }),
    filter: banner.getByRole('textbox', { name: 'Filter traces' }),
    filterComplaint: banner.getByRole('alert'),
    theme: banner.getByRole('button', { name: /^Theme:/ }),
    sources: banner.getByRole('button', { name: 'Sources' }),
    connectClient: banner.getByRole('button', { name: 'Connect a client' }),
  };
}
