import { run } from './child.mjs';
import { say } from './messages.mjs';
import { childEnvironment, node24 } from './node24.mjs';
import { inRepository, repositoryRoot } from './paths.mjs';

/** @typedef {{ name: string, script: string, args: string[], mend: string }} Check */

/** @type {readonly Check[]} */
const CHECKS = [
  { name: 'types', script: 'typescript/bin/tsc', args: ['-b'], mend: 'mend the type errors above' },
  {
    name: 'lint',
    script: 'eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0'],
    mend: 'mend the lint errors above',
  },
  { name: 'format', script: 'prettier/bin/prettier.cjs', args: ['--check', '.'], mend: 'run "npx prettier --write ."' },
  { name: 'unused code', script: 'knip/bin/knip.js', args: [], mend: 'remove what is named above or use it' },
];

/** The types keep one core busy for longest, so they run beside the rest; more at once would only share two cores. */
const LANES = [CHECKS.slice(0, 1), CHECKS.slice(1)];

/**
 * Types, lint, format and unused code. Prints one line for each, and the whole output of what failed.
 * @returns {Promise<boolean>} true when all passed
 */
export async function runChecks() {
  const lanes = await Promise.all(LANES.map(runLane));
  return lanes.flat().every((passed) => passed);
}

/**
 * @param {readonly Check[]} checks
 * @returns {Promise<boolean[]>}
 */
async function runLane(checks) {
  const results = [];
  for (const check of checks) results.push(await runCheck(check));
  return results;
}

/** @param {Check} check */
async function runCheck({ name, script, args, mend }) {
  const started = Date.now();
  const { code, output } = await run(node24(), [inRepository('node_modules', script), ...args], {
    cwd: repositoryRoot,
    env: childEnvironment(),
    quiet: true,
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (code === 0) {
    say(`${name}: passed (${seconds} s)`);
    return true;
  }
  process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
  say(`${name}: FAILED (${seconds} s); ${mend}`);
  return false;
}
