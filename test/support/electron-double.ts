import type { IpcMainEvent, Rectangle, SafeStorage, Screen } from 'electron';
import type { DesktopElectron } from '../../src/desktop/desktop.ts';
import { appDouble } from './electron/app.ts';
import {
  dialogDouble,
  ipcDouble,
  menuDouble,
  protocolDouble,
  safeStorageDouble,
  sessionDouble,
  shellDouble,
} from './electron/parts.ts';
import type { MenuTemplate, PermissionHandlers, SafeStorageOptions } from './electron/parts.ts';
import { createEvents, strict } from './electron/strict.ts';
import { windowClass, type WindowDouble } from './electron/window.ts';
import { mustBeReady, type World } from './electron/world.ts';

export interface ElectronDoubleOptions {
  /** False when another instance holds the lock. */
  readonly hasLock?: boolean;
  readonly screens?: readonly Rectangle[];
  readonly safeStorage?: SafeStorageOptions;
}

/**
 * All of Electron that the desktop app uses, with Electron's own rules of order: what it takes only before it is ready
 * throws afterwards, and the other way round. Whatever is not here throws.
 */
export interface ElectronDouble {
  readonly electron: DesktopElectron & { readonly safeStorage: SafeStorage };
  /** What was asked of Electron, in order: `enableSandbox`, `setPath userData PATH`, `exit 0` ... */
  readonly calls: readonly string[];
  readonly windows: readonly WindowDouble[];
  readonly schemes: readonly Electron.CustomScheme[];
  readonly menu: () => MenuTemplate;
  readonly permissions: PermissionHandlers;
  readonly fetchPage: (request: Request) => Promise<Response>;
  readonly sendIpc: (channel: string, event: IpcMainEvent) => void;
  readonly opened: readonly string[];
  readonly questions: readonly Electron.MessageBoxOptions[];
  /** What the person answers to the next questions; the index of a button. Null leaves them open. */
  answer: number | null;
  readonly becomesReady: () => void;
  readonly secondInstance: () => void;
  readonly activate: () => void;
  readonly exitCode: () => number | null;
}

const FULL_HD: Rectangle = { x: 0, y: 0, width: 1920, height: 1080 };

export function createElectronDouble(options: ElectronDoubleOptions = {}): ElectronDouble {
  const world: World = {
    calls: [],
    appEvents: createEvents('app', [
      'web-contents-created',
      'second-instance',
      'before-quit',
      'window-all-closed',
      'activate',
    ]),
    windows: [],
    ready: false,
    exitCode: null,
  };
  const { app, becomesReady } = appDouble(world, options.hasLock ?? true);
  const { part: shell, opened } = shellDouble();
  const dialog = dialogDouble(world);
  const ipc = ipcDouble();
  const menu = menuDouble(world);
  const protocol = protocolDouble(world);
  const permissions: PermissionHandlers = { request: null, check: null, device: null, display: null };
  return {
    electron: {
      app,
      BrowserWindow: windowClass(world),
      dialog: dialog.part,
      ipcMain: ipc.part,
      Menu: menu.part,
      protocol: protocol.part,
      safeStorage: safeStorageDouble(world, options.safeStorage),
      screen: strict<Screen>('screen', {
        getAllDisplays() {
          mustBeReady(world, 'screen.getAllDisplays');
          return (options.screens ?? [FULL_HD]).map((workArea) => strict<Electron.Display>('Display', { workArea }));
        },
      }),
      session: sessionDouble(world, permissions),
      shell,
    },
    calls: world.calls,
    windows: world.windows,
    schemes: protocol.schemes,
    menu: menu.template,
    permissions,
    fetchPage: protocol.fetchPage,
    sendIpc: ipc.send,
    opened,
    questions: dialog.questions,
    set answer(index: number | null) {
      dialog.answerWith(index);
    },
    becomesReady,
    secondInstance: () => {
      world.appEvents.emit('second-instance');
    },
    activate: () => {
      world.appEvents.emit('activate');
    },
    exitCode: () => world.exitCode,
  };
}
