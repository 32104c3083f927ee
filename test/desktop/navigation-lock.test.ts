import { describe, expect, it } from 'vitest';
import { setupNavigationLock } from '../../src/desktop/navigation-lock.ts';
import { createEvents, preventableEvent, strict } from '../support/electron/strict.ts';
import { frameDouble, pageDouble, type PageDouble } from '../support/electron/web-contents.ts';
import type { App } from 'electron';

function lockedPage(): { page: PageDouble; links: string[] } {
  const events = createEvents('app', ['web-contents-created']);
  const app: App = strict<App>('app', {
    on(event: string, listener: (...args: never[]) => unknown) {
      events.on(event, listener);
      return app;
    },
  });
  const links: string[] = [];
  setupNavigationLock(app, (address) => links.push(address));
  // Any contents whatever, not only our window's: a page of another origin that came to be must not move either.
  const page = pageDouble(frameDouble('https://elsewhere.example', 'https://elsewhere.example/'));
  events.emit('web-contents-created', preventableEvent({}), page.contents);
  return { page, links };
}

describe('the navigation lock', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'] as const)(
    'S9: %s is prevented',
    (event) => {
      expect(lockedPage().page.tries(event)).toBe(false);
    },
  );

  it('S9: no window opens, whatever its address', () => {
    const { page } = lockedPage();
    for (const url of ['https://example.com/', 'app://throughline/', 'about:blank', 'javascript:alert(1)', '']) {
      expect(page.opensWindow(url)).toBe(false);
    }
  });

  it('hands a link that would have opened a window to the one who decides about links', () => {
    const { page, links } = lockedPage();
    page.opensWindow('https://example.com/docs');
    expect(links).toEqual(['https://example.com/docs']);
  });
});
