import { join } from 'node:path';
import type { App } from 'electron';

/**
 * Names the app and puts Electron's own files (cookies, cache, the single-instance lock) below the app's folder. Must
 * come before the single-instance lock, which lives there, and before the app is ready.
 */
export function setupIdentity(app: Pick<App, 'setName' | 'setPath'>, appDir: string): void {
  app.setName('Throughline');
  app.setPath('userData', join(appDir, 'electron'));
}
