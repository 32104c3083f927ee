import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Files the runtime loads or starts by address, which no import statement names, and what the package says it is. */
export interface RuntimeAssets {
  /** Module of the store's worker thread. */
  readonly storeWorker: URL;
  /** Module of the bundled demo MCP server, to be started with Node. */
  readonly demoServer: string;
  /** Directory of the built page. It may be missing when nothing was built. */
  readonly rendererDir: string;
  /** Version in package.json. */
  readonly version: string;
}

const packageSchema = z.object({ version: z.string() });

/**
 * Finds the assets from the address of the module that starts the host: `src/<room>/main.ts` when the sources run as
 * they are, `dist/<room>/main.js` after a build. The page is only ever served as built.
 */
export function locateAssets(startModuleUrl: string): RuntimeAssets {
  const at = (path: string): URL => new URL(path, startModuleUrl);
  const { version } = packageSchema.parse(JSON.parse(readFileSync(at('../../package.json'), 'utf8')));
  if (startModuleUrl.endsWith('.ts')) {
    return {
      storeWorker: at('../store/worker/main.ts'),
      demoServer: fileURLToPath(at('../runtime/demo/server/main.ts')),
      rendererDir: fileURLToPath(at('../../dist/renderer/')),
      version,
    };
  }
  return {
    storeWorker: at('../store/worker.js'),
    demoServer: fileURLToPath(at('../demo/server.js')),
    rendererDir: fileURLToPath(at('../renderer/')),
    version,
  };
}
