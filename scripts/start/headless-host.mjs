import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stopChild } from '../setup/child.mjs';
import { childEnvironment, node24 } from '../setup/node24.mjs';
import { inRepository } from '../setup/paths.mjs';
import { windowProfileFolder } from './app-folders.mjs';
import { present, printReady } from './present.mjs';
import { whenAskedToStop } from './stop-signals.mjs';

/**
 * Runs the app without Electron: its runtime in plain Node, its page in a browser. Resolves with the exit code when the
 * person ends it.
 * @param {string} appFolder
 * @param {string | null} port null for the usual one
 * @returns {Promise<number>}
 */
export async function runHeadless(appFolder, port) {
  const portOption = port === null ? [] : ['--port', port];
  const child = spawn(
    node24(),
    [inRepository('dist', 'cli', 'main.js'), 'serve', '--manage', '--json', '--app-dir', appFolder, ...portOption],
    // The channel ends with this process, whatever ends it, and the child with the channel.
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], env: childEnvironment(), shell: false },
  );
  const exited = once(child, 'exit');
  const stopRequested = whenAskedToStop();
  const ready = await Promise.race([readyLine(child), exited.then(() => null), stopRequested.then(() => null)]);

  /** @type {import('./browser-window.mjs').BrowserWindow | null} */
  let window = null;
  if (ready !== null) {
    printReady({
      state: 'Throughline is running; Ctrl-C stops it.',
      mcp: ready.mcp,
      tokenFile: join(appFolder, 'token'),
    });
    window = await Promise.race([present(ready.ui, windowProfileFolder()), stopRequested.then(() => null)]);
    await Promise.race([stopRequested, exited]);
  }
  await Promise.all([stopChild(child, { ownGroup: false, graceMs: 6000 }), window?.stop()]);
  const [code] = await exited;
  return code ?? 1;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ mcp: string, ui: string }>}
 */
async function readyLine(child) {
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
  for await (const line of lines) {
    const message = JSON.parse(line);
    if (message.event === 'ready') return message;
  }
  // It ended without one, which its caller learns from its exit.
  return new Promise(() => undefined);
}
