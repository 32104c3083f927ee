import type { Dialog, IpcMain, IpcMainEvent, Menu } from 'electron';
import type { Protocol, SafeStorage, Session, Shell } from 'electron';
import { strict } from './strict.ts';
import { mustBeReady, mustNotBeReady, type World } from './world.ts';

export type MenuTemplate = readonly object[];

/** What the app has told Electron to answer to pages that ask for something. */
export interface PermissionHandlers {
  request: Parameters<Session['setPermissionRequestHandler']>[0];
  check: Parameters<Session['setPermissionCheckHandler']>[0];
  device: Parameters<Session['setDevicePermissionHandler']>[0];
  display: Parameters<Session['setDisplayMediaRequestHandler']>[0];
}

export function shellDouble(): { part: Shell; opened: string[] } {
  const opened: string[] = [];
  const part = strict<Shell>('shell', {
    openExternal(url) {
      opened.push(url);
      return Promise.resolve();
    },
  });
  return { part, opened };
}

export function dialogDouble(world: World): {
  part: Dialog;
  questions: Electron.MessageBoxOptions[];
  answerWith: (index: number | null) => void;
} {
  const questions: Electron.MessageBoxOptions[] = [];
  const waiting: ((value: Electron.MessageBoxReturnValue) => void)[] = [];
  let answer: number | null = null;
  const part = strict<Dialog>('dialog', {
    showErrorBox(title, content) {
      world.calls.push(`showErrorBox ${title}: ${content}`);
    },
    showMessageBox(first: object) {
      mustBeReady(world, 'dialog.showMessageBox');
      questions.push(first as Electron.MessageBoxOptions);
      if (answer !== null) return Promise.resolve({ response: answer, checkboxChecked: false });
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
  });
  const answerWith = (index: number | null): void => {
    answer = index;
    if (index === null) return;
    for (const resolve of waiting.splice(0)) resolve({ response: index, checkboxChecked: false });
  };
  return { part, questions, answerWith };
}

export function ipcDouble(): { part: IpcMain; send: (channel: string, event: IpcMainEvent) => void } {
  const channels = new Map<string, (event: IpcMainEvent) => void>();
  const part: IpcMain = strict<IpcMain>('ipcMain', {
    on(channel: string, listener: (event: IpcMainEvent) => void) {
      if (channels.has(channel)) throw new Error(`${channel} has two listeners.`);
      channels.set(channel, listener);
      return part;
    },
  });
  const send = (channel: string, event: IpcMainEvent): void => {
    const listener = channels.get(channel);
    if (listener === undefined) throw new Error(`Nobody listens on ${channel}.`);
    listener(event);
  };
  return { part, send };
}

export function menuDouble(world: World): { part: typeof Menu; template: () => MenuTemplate } {
  let current: MenuTemplate = [];
  const built = new Map<object, MenuTemplate>();
  const part = strict<typeof Menu>('Menu', {
    buildFromTemplate(template) {
      const menu = strict<Menu>('menu', {});
      built.set(menu, template);
      return menu;
    },
    setApplicationMenu(menu) {
      mustBeReady(world, 'Menu.setApplicationMenu');
      current = (menu === null ? undefined : built.get(menu)) ?? [];
    },
  });
  return { part, template: () => current };
}

export function protocolDouble(world: World): {
  part: Protocol;
  schemes: Electron.CustomScheme[];
  fetchPage: (request: Request) => Promise<Response>;
} {
  const schemes: Electron.CustomScheme[] = [];
  const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  const part = strict<Protocol>('protocol', {
    registerSchemesAsPrivileged(custom) {
      mustNotBeReady(world, 'protocol.registerSchemesAsPrivileged');
      schemes.push(...custom);
    },
    handle(scheme, handler) {
      mustBeReady(world, 'protocol.handle');
      handlers.set(scheme, handler);
    },
  });
  const fetchPage = async (request: Request): Promise<Response> => {
    const handler = handlers.get(new URL(request.url).protocol.slice(0, -1));
    if (handler === undefined) throw new Error(`Nobody handles ${request.url}.`);
    return handler(request);
  };
  return { part, schemes, fetchPage };
}

export function sessionDouble(world: World, handlers: PermissionHandlers): { readonly defaultSession: Session } {
  const defaultSession = strict<Session>('session', {
    setPermissionRequestHandler(handler) {
      handlers.request = handler;
    },
    setPermissionCheckHandler(handler) {
      handlers.check = handler;
    },
    setDevicePermissionHandler(handler) {
      handlers.device = handler;
    },
    setDisplayMediaRequestHandler(handler) {
      handlers.display = handler;
    },
  });
  return {
    get defaultSession() {
      mustBeReady(world, 'session.defaultSession');
      return defaultSession;
    },
  };
}

export interface SafeStorageOptions {
  readonly backend?: ReturnType<SafeStorage['getSelectedStorageBackend']>;
  readonly isAvailable?: boolean;
  /** Rises when the system changes its key. What was sealed with an earlier one is opened as stale. */
  readonly keyNumber?: number;
}

/** Seals by turning the bytes around behind the key's number: not to be found in a file by looking for it. */
export function safeStorageDouble(
  world: Pick<World, 'ready'>,
  { backend = 'gnome_libsecret', isAvailable = true, keyNumber = 1 }: SafeStorageOptions = {},
): SafeStorage {
  return strict<SafeStorage>('safeStorage', {
    getSelectedStorageBackend: () => (world.ready ? backend : 'unknown'),
    async isAsyncEncryptionAvailable() {
      await Promise.resolve();
      return world.ready && isAvailable;
    },
    async encryptStringAsync(plain) {
      await Promise.resolve();
      if (!world.ready || !isAvailable) throw new Error('Encryption is not available.');
      return Buffer.concat([Buffer.from(`${keyNumber}:`), Buffer.from(plain).reverse()]);
    },
    async decryptStringAsync(sealed) {
      await Promise.resolve();
      const end = sealed.indexOf(':');
      const number = Number(sealed.subarray(0, end).toString());
      if (end < 1 || !(number <= keyNumber)) throw new Error('The value cannot be decrypted.');
      const result = Buffer.from(sealed.subarray(end + 1))
        .reverse()
        .toString();
      return { result, shouldReEncrypt: number < keyNumber };
    },
  });
}
