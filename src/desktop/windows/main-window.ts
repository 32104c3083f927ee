import type { BrowserWindow, Screen } from 'electron';
import { APP_PAGE_URL } from '../app-origin.ts';
import { mainWindowOptions } from './window-options.ts';
import type { WindowState } from './window-state.ts';

export interface MainWindowParts {
  readonly BrowserWindow: new (...options: ConstructorParameters<typeof BrowserWindow>) => BrowserWindow;
  readonly screen: Pick<Screen, 'getAllDisplays'>;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly state: WindowState;
  readonly report: (doing: string, thrown: unknown) => void;
}

/** The one window: there is at most one, and showing it makes it when there is none. */
export interface MainWindow {
  /** Brings the window to the front. Only after the app is ready. */
  show(): void;
  /** Keeps what the window shows out of screenshots and screen sharing, now and when it is made anew. */
  setProtected(isProtected: boolean): void;
  /** Remembers where the open window is, for when the app ends without closing it. */
  remember(): void;
  /** True when this contents is the one of the open window. */
  owns(contents: object): boolean;
}

export function createMainWindow(parts: MainWindowParts): MainWindow {
  let current: BrowserWindow | null = null;
  let isContentProtected = false;
  const remember = (): void => {
    if (current !== null) parts.state.save(current.getNormalBounds());
  };

  const open = (): BrowserWindow => {
    const screens = parts.screen.getAllDisplays().map((display) => display.workArea);
    const window = new parts.BrowserWindow(mainWindowOptions(parts.preload, parts.state.load(screens)));
    if (isContentProtected) window.setContentProtection(true);
    window.once('ready-to-show', () => {
      window.show();
    });
    window.on('close', remember);
    window.once('closed', () => {
      current = null;
    });
    window.loadURL(APP_PAGE_URL).catch((thrown: unknown) => {
      parts.report('Loading the page', thrown);
    });
    return window;
  };

  return {
    show() {
      if (current === null) {
        current = open();
        return;
      }
      if (current.isMinimized()) current.restore();
      current.show();
      current.focus();
    },
    setProtected(isProtected) {
      isContentProtected = isProtected;
      current?.setContentProtection(isProtected);
    },
    remember,
    owns: (contents) => current !== null && current.webContents === contents,
  };
}
