import type { IpcMainEvent, WebContents, WebFrameMain } from 'electron';
import { createEvents, preventableEvent, strict } from './strict.ts';

/** A page and what a test can make it try. */
export interface PageDouble {
  readonly contents: WebContents;
  readonly mainFrame: WebFrameMain;
  /** True when the page was allowed to do it. */
  readonly tries: (event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect' | 'will-attach-webview') => boolean;
  /** True when a window would open. */
  readonly opensWindow: (url: string) => boolean;
}

export function frameDouble(origin: string, url: string): WebFrameMain {
  return strict<WebFrameMain>('WebFrameMain', { origin, url });
}

export function pageDouble(mainFrame: WebFrameMain): PageDouble {
  const events = createEvents('WebContents', [
    'will-navigate',
    'will-frame-navigate',
    'will-redirect',
    'will-attach-webview',
  ]);
  let openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | null = null;
  const contents: WebContents = strict<WebContents>('WebContents', {
    mainFrame,
    on(event: string, listener: (...args: never[]) => unknown) {
      events.on(event, listener);
      return contents;
    },
    setWindowOpenHandler(handler) {
      openHandler = handler;
    },
  });
  return {
    contents,
    mainFrame,
    tries(name) {
      const event = preventableEvent({ url: 'https://elsewhere.example/', isMainFrame: true });
      events.emit(name, event);
      return !event.defaultPrevented;
    },
    opensWindow(url) {
      // Without a handler Electron opens the window.
      if (openHandler === null) return true;
      const details = {
        url,
        frameName: '',
        features: '',
        disposition: 'foreground-tab',
        referrer: NO_REFERRER,
      } as const;
      return openHandler(details).action === 'allow';
    },
  };
}

const NO_REFERRER = { url: '', policy: 'no-referrer' } as const;

export function ipcEvent(members: Pick<IpcMainEvent, 'sender' | 'senderFrame' | 'ports'>): IpcMainEvent {
  return strict<IpcMainEvent>('IpcMainEvent', members);
}
