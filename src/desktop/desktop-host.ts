import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAppHome } from '../runtime/app-home.ts';
import { locateAssets } from '../runtime/assets.ts';
import { DEFAULT_PORT } from '../runtime/config/config.ts';
import { startRuntime, type RunningRuntime } from '../runtime/create-runtime.ts';
import { createLineLogger } from '../runtime/log.ts';
import { UserError } from '../shared/kernel/user-error.ts';
import { appDirectory } from './app-dir.ts';

const MAX_PORT = 65_535;

/** What the desktop app takes from the machine it runs on, Electron aside. */
export interface DesktopHost {
  /** The app's own folder, for this user only. */
  readonly appDir: string;
  /** Directory of the built page. */
  readonly rendererDir: string;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly isMac: boolean;
  /** Rejects with a UserError when the gateway cannot run. */
  startRuntime(): Promise<Pick<RunningRuntime, 'router' | 'report' | 'stop'>>;
}

/** The host as it is in the built app: `startModuleUrl` is the address of the app's main module. */
export function createDesktopHost(
  startModuleUrl: string,
  environment: Readonly<Record<string, string | undefined>>,
): DesktopHost {
  const assets = locateAssets(startModuleUrl);
  const appDir = appDirectory(environment);
  return {
    appDir,
    rendererDir: assets.rendererDir,
    preload: join(fileURLToPath(new URL('.', startModuleUrl)), 'preload.cjs'),
    isMac: process.platform === 'darwin',
    async startRuntime() {
      const home = await openAppHome(appDir, environment);
      const { config, token, tokenFile } = home;
      return startRuntime({
        config,
        token,
        tokenFile,
        home,
        port: portOf(environment),
        dataDir: null,
        // Only the app's own window may add and start servers: no page over HTTP (S5).
        manage: false,
        host: 'desktop',
        stateFile: true,
        log: createLineLogger(process.stderr),
        assets,
      });
    },
  };
}

/** `$THROUGHLINE_PORT`, for when another program has the usual one. */
function portOf(environment: Readonly<Record<string, string | undefined>>): number {
  const named = environment['THROUGHLINE_PORT'] ?? '';
  const port = named === '' ? DEFAULT_PORT : Number(named);
  if (Number.isInteger(port) && port >= 0 && port <= MAX_PORT) return port;
  throw new UserError(`Set THROUGHLINE_PORT to a number from 0 to ${MAX_PORT}, or do not set it.`);
}
