import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { canUseApt, installDebianPackage } from './apt.mjs';
import { SetupError } from './messages.mjs';
import { findOnPath, isExecutable, namedProgram } from './programs.mjs';

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
    await installDebianPackage({
      name: 'chromium',
      progress: 'installing Chromium for the browser tests (apt-get), one or two minutes ...',
      advice:
        'Chromium could not be installed (apt-get said why above); install it by hand or set THROUGHLINE_CHROMIUM to the path of a Chromium or Chrome, and try again.',
    });
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new SetupError(
    'The browser tests need Chromium: install it (on Debian or Ubuntu "sudo apt-get install chromium"), or set THROUGHLINE_CHROMIUM to the path of a Chromium or Chrome, and try again.',
  );
}

/** @returns {string | null} */
export function findChromium() {
  return (
    namedProgram('THROUGHLINE_CHROMIUM', 'a Chromium or Chrome') ??
    findOnPath(CHROMIUM_NAMES) ??
    findInPlaywrightCache()
  );
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
