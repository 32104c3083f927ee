import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SafeStorage } from 'electron';
import { openAppHome } from '../runtime/app-home.ts';
import { appDirectory, appPort } from '../runtime/app-location.ts';
import { locateAssets } from '../runtime/assets.ts';
import { startRuntime, type RunningRuntime } from '../runtime/create-runtime.ts';
import { createLineLogger } from '../runtime/log.ts';
import { withLoginPath } from '../runtime/login-path.ts';
import { endUnattended } from '../runtime/unattended.ts';
import { systemProtection } from './secret-cipher.ts';

/** What the desktop app takes from the machine it runs on, Electron aside. */
export interface DesktopHost {
  /** The app's own folder, for this user only. */
  readonly appDir: string;
  /** Directory of the built page. */
  readonly rendererDir: string;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly isMac: boolean;
  /** Hears of what nobody foresaw, instead of Electron, which would show it as it is in a dialog. */
  onCrash(listener: (thrown: unknown) => void): void;
  /** Rejects with a UserError when the gateway cannot run. */
  startRuntime(): Promise<Pick<RunningRuntime, 'router' | 'report' | 'onReveal' | 'stop'>>;
}

/** The host as it is in the built app: `startModuleUrl` is the address of the app's main module. */
export function createDesktopHost(
  startModuleUrl: string,
  environment: Readonly<Record<string, string | undefined>>,
  safeStorage: SafeStorage,
): DesktopHost {
  const assets = locateAssets(startModuleUrl);
  const appDir = appDirectory(environment);
  return {
    appDir,
    rendererDir: assets.rendererDir,
    preload: join(fileURLToPath(new URL('.', startModuleUrl)), 'preload.cjs'),
    isMac: process.platform === 'darwin',
    onCrash(listener) {
      process.on('uncaughtException', listener);
    },
    async startRuntime() {
      const home = await openAppHome(appDir, environment, await systemProtection(safeStorage));
      const { config, token, tokenFile } = home;
      // Both may take seconds: another program is asked, or waited for.
      const [login] = await Promise.all([withLoginPath(environment), endUnattended(token, environment)]);
      const runtime = await startRuntime({
        environment: login.environment,
        config,
        token,
        tokenFile,
        home,
        port: appPort(environment),
        dataDir: null,
        // Only the app's own window may add and start servers: no page over HTTP (S5).
        manage: false,
        host: 'desktop',
        stateFile: true,
        log: createLineLogger(process.stderr),
        assets,
      });
      if (login.problem !== null) runtime.report('Asking the login shell for PATH', new Error(login.problem));
      return runtime;
    },
  };
}
