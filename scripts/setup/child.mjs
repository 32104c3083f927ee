import { spawn } from 'node:child_process';

/** How long a child may take to end after SIGTERM before its whole group is killed, in milliseconds. */
const GRACE_MS = 5000;

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [deadlineMs] after this the child and everything it started are killed
 * @property {boolean} [quiet] keep the output and hand it back instead of showing it
 *
 * @typedef {object} ChildEnd
 * @property {number} code the exit code; 1 when a signal ended the child
 * @property {boolean} timedOut
 * @property {string} output stdout and stderr in the order they came; empty unless `quiet`
 * @property {Error | null} startError why the child could not be started at all
 */

/**
 * Runs a program to its end, without a shell and without stdin.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<ChildEnd>}
 */
export function run(command, args, options = {}) {
  const { cwd, env, deadlineMs, quiet = false } = options;
  // Only a child with a deadline leads its own group: the others must get the terminal's Ctrl-C themselves.
  const ownGroup = deadlineMs !== undefined && process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      shell: false,
      detached: ownGroup,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    let timedOut = false;
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer =
      deadlineMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killTree(child, ownGroup, 'SIGKILL');
          }, deadlineMs);
    const end = (/** @type {number} */ code, /** @type {Error | null} */ startError) => {
      clearTimeout(timer);
      resolve({ code, timedOut, output, startError });
    };
    child.once('error', (error) => end(1, error));
    child.once('close', (code) => end(code ?? 1, null));
  });
}

/**
 * Asks a long-running child to end, and kills it when it has not done so within the grace period.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ ownGroup: boolean, graceMs?: number }} options `ownGroup`: the child was started as leader of its group
 * @returns {Promise<void>} resolves when the child has ended
 */
export function stopChild(child, { ownGroup, graceMs = GRACE_MS }) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => killTree(child, ownGroup, 'SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    killTree(child, ownGroup, 'SIGTERM');
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {boolean} ownGroup
 * @param {NodeJS.Signals} signal
 */
function killTree(child, ownGroup, signal) {
  if (child.pid === undefined) return;
  try {
    if (ownGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (thrown) {
    // ESRCH: it ended by itself in the meantime, which is what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (thrown).code !== 'ESRCH') throw thrown;
  }
}
