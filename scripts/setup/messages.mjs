/**
 * Something the person at the keyboard can mend. Its message is one sentence that says what to do, and is all that is
 * printed about it.
 */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * One line of progress. On stderr, so that a script's own output on stdout stays clean.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`throughline: ${line}\n`);
}

/**
 * Runs a script's main function: a SetupError ends in its sentence and exit code 1, a bug in its stack.
 * @param {() => Promise<number>} main resolves with the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    if (!(thrown instanceof SetupError)) throw thrown;
    say(thrown.message);
    process.exitCode = 1;
  }
}
