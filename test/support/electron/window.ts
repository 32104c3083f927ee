import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { APP_ORIGIN, APP_PAGE_URL } from '../../../src/desktop/app-origin.ts';
import { createEvents, preventableEvent, strict } from './strict.ts';
import { frameDouble, pageDouble, type PageDouble } from './web-contents.ts';
import { mustBeReady, type World } from './world.ts';

/** An open window and what a test can see and do of it. */
export interface WindowDouble {
  readonly options: BrowserWindowConstructorOptions;
  readonly page: PageDouble;
  readonly loaded: readonly string[];
  readonly calls: readonly string[];
  bounds: Rectangle;
  minimized: boolean;
  /** Whether it is kept out of screenshots. */
  isContentProtected: boolean;
  readonly becomesReady: () => void;
  readonly userCloses: () => void;
}

export function windowClass(world: World): typeof BrowserWindow {
  const Window = function (options: BrowserWindowConstructorOptions): BrowserWindow {
    mustBeReady(world, 'new BrowserWindow');
    return windowDouble(world, options);
  };
  // `new` answers with the object that its constructor returns; the class's static members are not used.
  return Window as object as typeof BrowserWindow;
}

function windowDouble(world: World, options: BrowserWindowConstructorOptions): BrowserWindow {
  const events = createEvents('BrowserWindow', ['ready-to-show', 'close', 'closed']);
  const page = pageDouble(frameDouble(APP_ORIGIN, APP_PAGE_URL));
  const loaded: string[] = [];
  const calls: string[] = [];
  const note = (call: string) => (): void => {
    calls.push(call);
  };
  const state: WindowDouble = {
    options,
    page,
    loaded,
    calls,
    bounds: { x: 10, y: 20, width: options.width ?? 800, height: options.height ?? 600 },
    minimized: false,
    isContentProtected: false,
    becomesReady: () => {
      events.emit('ready-to-show');
    },
    userCloses: () => {
      events.emit('close', preventableEvent({}));
      events.emit('closed');
      world.windows.splice(world.windows.indexOf(state), 1);
      if (world.windows.length === 0) world.appEvents.emit('window-all-closed');
    },
  };
  const window: BrowserWindow = strict<BrowserWindow>('BrowserWindow', {
    webContents: page.contents,
    on(event: string, listener: (...args: never[]) => unknown) {
      events.on(event, listener);
      return window;
    },
    once(event: string, listener: (...args: never[]) => unknown) {
      events.once(event, listener);
      return window;
    },
    loadURL: (url) => {
      loaded.push(url);
      return Promise.resolve();
    },
    setContentProtection: (enable) => {
      state.isContentProtected = enable;
    },
    getNormalBounds: () => state.bounds,
    isMinimized: () => state.minimized,
    restore: note('restore'),
    show: note('show'),
    focus: note('focus'),
  });
  world.windows.push(state);
  world.appEvents.emit('web-contents-created', preventableEvent({}), page.contents);
  return window;
}
