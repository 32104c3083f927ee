import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stopChild } from '../setup/child.mjs';
import { childEnvironment } from '../setup/node24.mjs';
import { inRepository, repositoryRoot } from '../setup/paths.mjs';
import { whenAskedToStop } from './stop-signals.mjs';

/** Libraries that are missing, or a kernel that does not allow the sandbox, end Electron this soon. Milliseconds. */
const CANNOT_RUN_WITHIN_MS = 10_000;

/** How a shell reports a program whose libraries are missing. */
const CANNOT_LOAD = 127;

/**
 * Runs the app in Electron until it ends.
 * @param {string} electron path of the binary
 * @param {string | null} port null for the usual one
 * @returns {Promise<number | null>} the exit code, or null when Electron cannot run on this machine
 */
export async function runDesktop(electron, port) {
  const started = Date.now();
  const child = spawn(electron, [inRepository('dist', 'desktop', 'main.js')], {
    cwd: repositoryRoot,
    env: childEnvironment({
      THROUGHLINE_PORT: port ?? undefined,
      // Set in the terminals of some editors, where it would make this Electron a plain Node.
      ELECTRON_RUN_AS_NODE: undefined,
    }),
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: false,
  });
  // Rejects when it could not be started at all.
  const exited = once(child, 'exit').catch(() => [CANNOT_LOAD, null]);
  const stopRequested = whenAskedToStop().then(() => true);
  const stopped = await Promise.race([stopRequested, exited.then(() => false)]);
  if (stopped) await stopChild(child, { ownGroup: false, graceMs: 7000 });
  const [code, signal] = await exited;
  const crashed = !stopped && (signal !== null || code === CANNOT_LOAD);
  return crashed && Date.now() - started < CANNOT_RUN_WITHIN_MS ? null : (code ?? 0);
}
