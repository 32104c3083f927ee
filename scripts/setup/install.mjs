import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { run } from './child.mjs';
import { stampMatches, writeStamp } from './fingerprint.mjs';
import { SetupError, say } from './messages.mjs';
import { ensureNode24 } from './node24.mjs';
import { npmCommand } from './npm.mjs';
import { inRepository, repositoryRoot } from './paths.mjs';

const STAMP = inRepository('node_modules', '.throughline-stamp');

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */

/** npm's own record of what it has put into node_modules. */
const INSTALLED_LOCK = inRepository('node_modules', '.package-lock.json');

/** Installs the packages of package-lock.json when they are missing or are those of another lock file. */
export async function ensureInstalled() {
  const wanted = wantedFingerprint();
  if (!stampMatches(STAMP, wanted)) {
    if (!isInstalled(readJson(inRepository('package-lock.json')), readInstalled())) await install();
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

/**
 * True when every package of the lock file is installed as it names it. So after someone's own `npm install` there is
 * nothing to do, and no reason to throw their node_modules away.
 * @param {Lock} wanted package-lock.json
 * @param {Lock | null} installed npm's record of node_modules, or null when there is none
 */
export function isInstalled(wanted, installed) {
  if (installed === null) return false;
  return Object.entries(wanted.packages).every(
    // Optional ones may be for another system.
    ([path, { version, optional }]) =>
      path === '' || optional === true || installed.packages[path]?.version === version,
  );
}

/** @returns {Lock | null} */
function readInstalled() {
  return existsSync(INSTALLED_LOCK) ? readJson(INSTALLED_LOCK) : null;
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
