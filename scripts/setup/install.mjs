import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { run } from './child.mjs';
import { stampMatches, writeStamp } from './fingerprint.mjs';
import { SetupError, say } from './messages.mjs';
import { ensureNode24 } from './node24.mjs';
import { npmCommand } from './npm.mjs';
import { inRepository, repositoryRoot } from './paths.mjs';

const STAMP = inRepository('node_modules', '.throughline-stamp');

/** npm's own record of what it has put into node_modules. */
const INSTALLED_LOCK = inRepository('node_modules', '.package-lock.json');

/** Installs the packages of package-lock.json when they are missing or are those of another lock file. */
export async function ensureInstalled() {
  const wanted = wantedFingerprint();
  if (!stampMatches(STAMP, wanted)) {
    if (!installedIsWhatTheLockNames()) await install();
    writeStamp(STAMP, wanted);
  }
  await ensureNode24();
}

async function install() {
  say('installing packages (npm ci), about a minute ...');
  const { command, args } = npmCommand();
  const { code } = await run(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: repositoryRoot,
  });
  if (code === 0) return;
  throw new SetupError(
    'The packages could not be installed (npm said why above); check that the npm registry can be reached and that this folder can be written to, then try again.',
  );
}

/** Only what decides about packages: a changed script in package.json is no reason to install anew. */
function wantedFingerprint() {
  const { dependencies, devDependencies, overrides, allowScripts } = readJson(inRepository('package.json'));
  return createHash('sha256')
    .update(JSON.stringify([dependencies, devDependencies, overrides, allowScripts]))
    .update(readFileSync(inRepository('package-lock.json')))
    .digest('hex');
}

/** True after someone's own `npm install`: nothing to do then, and no reason to throw their node_modules away. */
function installedIsWhatTheLockNames() {
  if (!existsSync(INSTALLED_LOCK)) return false;
  const installed = readJson(INSTALLED_LOCK).packages;
  return Object.entries(readJson(inRepository('package-lock.json')).packages).every(
    ([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version,
  );
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
