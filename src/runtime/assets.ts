import { fileURLToPath } from 'node:url';

/** Files the runtime loads or starts by address, which no import statement names. */
export interface RuntimeAssets {
  /** Module of the store's worker thread. */
  readonly storeWorker: URL;
  /** Module of the bundled demo MCP server, to be started with Node. */
  readonly demoServer: string;
  /** Directory of the built page. It may be missing when nothing was built. */
  readonly rendererDir: string;
}

/**
 * Finds the assets from the address of the module that starts the host: `src/<room>/main.ts` when the sources run as
 * they are, `dist/<room>/main.js` after a build. The page is only ever served as built.
 */
export function locateAssets(startModuleUrl: string): RuntimeAssets {
  const fromSources = startModuleUrl.endsWith('.ts');
  const extension = fromSources ? 'ts' : 'js';
  const here = (path: string): URL => new URL(path, startModuleUrl);
  return {
    storeWorker: here(`../store/worker.${extension}`),
    demoServer: fileURLToPath(here(`../demo/server.${extension}`)),
    rendererDir: fileURLToPath(here(fromSources ? '../../dist/renderer/' : '../renderer/')),
  };
}
