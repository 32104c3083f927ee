import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { inRepository, repositoryRoot } from '../setup/paths.mjs';
import { say } from '../setup/messages.mjs';
import { buildUpstreamSdk } from './upstream-sdk.mjs';

/** @typedef {{ input: string, output: string, format: 'es' | 'cjs' }} NodeEntry */

/**
 * One file per entry, with the npm packages in it: reading one file instead of a thousand makes the start many times
 * faster and leaves out what no entry uses. `import.meta.url` of anything in src/ is then the entry's own file, so that
 * `../store/worker.js` means the same from the command line and from the desktop app.
 * @type {readonly NodeEntry[]}
 */
const NODE_ENTRIES = [
  { input: 'src/cli/main.ts', output: 'cli/main.js', format: 'es' },
  { input: 'src/store/worker/main.ts', output: 'store/worker.js', format: 'es' },
  { input: 'src/runtime/demo/server/main.ts', output: 'demo/server.js', format: 'es' },
  { input: 'src/desktop/main.ts', output: 'desktop/main.js', format: 'es' },
  // A sandboxed preload script must be one CommonJS file.
  { input: 'src/desktop/preload.ts', output: 'desktop/preload.cjs', format: 'cjs' },
];

const dist = inRepository('dist');

rmSync(dist, { recursive: true, force: true });
await buildRenderer();
for (const entry of NODE_ENTRIES) await buildNodeEntry(entry);
buildUpstreamSdk(join(dist, 'upstream'));
say('built dist/upstream');

async function buildRenderer() {
  await build({
    configFile: inRepository('renderer', 'vite.config.ts'),
    root: inRepository('renderer'),
    logLevel: 'warn',
    build: {
      outDir: join(dist, 'renderer'),
      emptyOutDir: true,
      // Read from this machine's disk, so its size costs nobody a download.
      chunkSizeWarningLimit: 4000,
    },
  });
  say('built dist/renderer');
}

/** @param {NodeEntry} entry */
async function buildNodeEntry({ input, output, format }) {
  await build({
    configFile: false,
    root: repositoryRoot,
    logLevel: 'warn',
    publicDir: false,
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: inRepository(input),
      target: 'node22',
      outDir: dist,
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: ['electron'],
        output: { format, entryFileNames: output, codeSplitting: false },
      },
    },
  });
  say(`built dist/${output}`);
}
