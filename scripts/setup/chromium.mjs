import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { SetupError, say } from './messages.mjs';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium for the browser tests: the one THROUGHLINE_CHROMIUM names, one on PATH, one that Playwright has
 * downloaded, else Debian's own package when this is root on a Debian.
 * @returns {Promise<string>} path of the program
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== null) return found;
  if (canUseApt()) {
    await installDebianChromium();
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new SetupError(
    'The browser tests need Chromium: install it (on Debian or Ubuntu "sudo apt-get install chromium"), or set THROUGHLINE_CHROMIUM to the path of a Chromium or Chrome, and try again.',
  );
}

/** @returns {string | null} */
export function findChromium() {
  const named = process.env.THROUGHLINE_CHROMIUM;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new SetupError(
      `THROUGHLINE_CHROMIUM names ${named}, which is not a program that can be run; set it to the path of a Chromium or Chrome, or unset it.`,
    );
  }
  return findOnPath(CHROMIUM_NAMES) ?? findInPlaywrightCache();
}

/**
 * The first of these programs that is on PATH.
 * @param {readonly string[]} names
 * @returns {string | null}
 */
export function findOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return null;
}

/** @returns {string | null} */
function findInPlaywrightCache() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    (process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Caches', 'ms-playwright')
      : join(homedir(), '.cache', 'ms-playwright'));
  if (!existsSync(cache)) return null;
  const programs = readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice('chromium-'.length)) - Number(a.slice('chromium-'.length)))
    .flatMap((name) =>
      [
        'chrome-linux/chrome',
        'chrome-linux64/chrome',
        'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
        'chrome-win/chrome.exe',
      ].map((program) => join(cache, name, program)),
    );
  return programs.find(isExecutable) ?? null;
}

function canUseApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

async function installDebianChromium() {
  say('installing Chromium for the browser tests (apt-get), one or two minutes ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await run('apt-get', ['update', '-q'], { env });
  const installed =
    updated.code === 0
      ? await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env })
      : updated;
  if (installed.code !== 0) {
    throw new SetupError(
      'Chromium could not be installed (apt-get said why above); install it by hand or set THROUGHLINE_CHROMIUM to the path of a Chromium or Chrome, and try again.',
    );
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Missing or not ours to run: either way it is not the program that is looked for.
    return false;
  }
}
