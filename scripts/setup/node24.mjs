import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from './child.mjs';
import { SetupError, say } from './messages.mjs';
import { npmCommand } from './npm.mjs';
import { inRepository, repositoryRoot } from './paths.mjs';

const NODE_PACKAGE = inRepository('node_modules', 'node');

/** Path of the Node that everything but these scripts runs with: the one the devDependency `node` brings. */
export function node24() {
  return join(NODE_PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** The environment for children: that Node and the locally installed programs come first on PATH. */
export function childEnvironment(extra = {}) {
  const path = [dirname(node24()), inRepository('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

/**
 * Makes sure that `node24()` exists and is the pinned version. npm may have been told not to run install scripts, and
 * the package puts its binary in place by one.
 */
export async function ensureNode24() {
  const wanted = pinnedVersion();
  if ((await installedVersion()) === wanted) return;
  say(`fetching Node ${wanted} (the npm package "node") ...`);
  const { command, args } = npmCommand();
  await run(command, [...args, 'rebuild', 'node', '--foreground-scripts', '--ignore-scripts=false'], {
    cwd: repositoryRoot,
    quiet: true,
  });
  if ((await installedVersion()) === wanted) return;
  // The package's own install script, by hand: the same work without npm's rules about whose scripts may run.
  if (existsSync(join(NODE_PACKAGE, 'installArchSpecificPackage.js'))) {
    await run(process.execPath, ['installArchSpecificPackage.js'], { cwd: NODE_PACKAGE, quiet: true });
  }
  if ((await installedVersion()) === wanted) return;
  throw new SetupError(
    `Node ${wanted} could not be put into node_modules/node; check that the npm registry can be reached, then run "npm rebuild node --foreground-scripts" and try again.`,
  );
}

function pinnedVersion() {
  const manifest = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  return /** @type {string} */ (manifest.devDependencies.node);
}

/** @returns {Promise<string | null>} null when there is no such Node or it does not run here */
async function installedVersion() {
  if (!existsSync(node24())) return null;
  const { code, output } = await run(node24(), ['--version'], { quiet: true });
  return code === 0 ? output.trim().replace(/^v/, '') : null;
}
