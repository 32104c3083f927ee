import type { App, WebContents } from 'electron';

/**
 * Whatever a page tries, it stays where it is: no navigation of any frame, no redirect, no window, no webview (S9). A
 * link that would have opened a window is handed to `openLink`, which decides by itself.
 */
export function setupNavigationLock(app: Pick<App, 'on'>, openLink: (address: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    lockNavigation(contents, openLink);
  });
}

function lockNavigation(contents: WebContents, openLink: (address: string) => void): void {
  const deny = (event: { preventDefault: () => void }): void => {
    event.preventDefault();
  };
  contents.on('will-navigate', deny);
  contents.on('will-frame-navigate', deny);
  contents.on('will-redirect', deny);
  contents.on('will-attach-webview', deny);
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url);
    return { action: 'deny' };
  });
}
