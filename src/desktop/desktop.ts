import { join } from 'node:path';
import type { App, BrowserWindow, Dialog, IpcMain, Menu, Protocol, Screen, Session, Shell } from 'electron';
import type { ReportFailure } from '../runtime/log.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { registerAppScheme, setupAppProtocol } from './app-protocol.ts';
import type { DesktopHost } from './desktop-host.ts';
import { setupIdentity } from './identity.ts';
import { createContractBinder } from './ipc/bind-contract.ts';
import { setupConnect } from './ipc/connect.ts';
import { setupMenu } from './menu.ts';
import { setupNavigationLock } from './navigation-lock.ts';
import { createLinkOpener } from './open-external.ts';
import { setupPermissions } from './permissions.ts';
import { setupQuit } from './quit.ts';
import { setupSingleInstance } from './single-instance.ts';
import { createMainWindow, type MainWindow } from './windows/main-window.ts';
import { createWindowState } from './windows/window-state.ts';

/** All of Electron that the app uses. */
export interface DesktopElectron {
  readonly app: App;
  readonly BrowserWindow: typeof BrowserWindow;
  readonly dialog: Dialog;
  readonly ipcMain: IpcMain;
  readonly Menu: typeof Menu;
  readonly protocol: Protocol;
  readonly screen: Screen;
  readonly session: { readonly defaultSession: Session };
  readonly shell: Shell;
}

/** Runs the app. Each line sets up one concern; the order matters where it says so. */
export async function startDesktop(electron: DesktopElectron, host: DesktopHost): Promise<void> {
  const { app, ipcMain, protocol, session } = electron;
  let runtime: Runtime | null = null;
  let window: MainWindow | null = null;
  const report: ReportFailure = (doing, thrown) => runtime?.report(doing, thrown);

  // Electron takes these only before it is ready.
  setupIdentity(app, host.appDir);
  app.enableSandbox();
  registerAppScheme(protocol);
  if (!setupSingleInstance(app, () => window?.show())) return;
  await app.whenReady();

  const starting = host.startRuntime();
  setupQuit(app, {
    stop: async () => {
      window?.remember();
      // One that did not start has nothing to stop, and has been reported where it was started.
      await (await starting.catch(() => null))?.stop();
    },
    report,
  });
  host.onCrash((thrown) => {
    report('Something that should not have', thrown);
    app.exit(1);
  });
  runtime = await startedOrExplained(starting, electron);
  if (runtime === null) return;

  setupNavigationLock(app, createLinkOpener({ shell: electron.shell, dialog: electron.dialog, report }));
  setupPermissions(session.defaultSession);
  setupAppProtocol(protocol, host.rendererDir);
  setupMenu(electron.Menu, host.isMac);
  const mainWindow = createMainWindow({
    BrowserWindow: electron.BrowserWindow,
    screen: electron.screen,
    preload: host.preload,
    state: createWindowState(join(host.appDir, 'window.json'), report),
    report,
  });
  setupConnect(ipcMain, { isOwnContents: mainWindow.owns, bind: createContractBinder(runtime.router, report) });
  setupWindowLife(app, mainWindow, host.isMac);
  // Until the runtime stops, which ends the keeping of secrets as well.
  runtime.onReveal(mainWindow.setProtected);

  // Last: the page may ask for everything above as soon as it is there.
  window = mainWindow;
  mainWindow.show();
}

type Runtime = Awaited<ReturnType<DesktopHost['startRuntime']>>;

/** Null when the runtime cannot run: the person has then been told why, and the app ends. */
async function startedOrExplained(
  starting: Promise<Runtime>,
  { app, dialog }: Pick<DesktopElectron, 'app' | 'dialog'>,
): Promise<Runtime | null> {
  try {
    return await starting;
  } catch (thrown) {
    // What nobody foresaw may quote secrets, so only its name is shown.
    const kind = thrown instanceof Error ? thrown.name : typeof thrown;
    const unforeseen = `Something failed that should not have (${kind}). Start "throughline serve --debug" to see where.`;
    dialog.showErrorBox('Throughline could not start', thrown instanceof UserError ? thrown.message : unforeseen);
    app.exit(1);
    return null;
  }
}

/** The gateway lives as long as its window, but for macOS, where an app without windows is usual. */
function setupWindowLife(app: Pick<App, 'on' | 'quit'>, window: MainWindow, isMac: boolean): void {
  app.on('window-all-closed', () => {
    if (!isMac) app.quit();
  });
  app.on('activate', () => {
    window.show();
  });
}
