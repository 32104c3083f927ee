import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { writeStamp } from './fingerprint.mjs';
import { say } from './messages.mjs';
import { childEnvironment, node24 } from './node24.mjs';
import { inRepository } from './paths.mjs';

const ELECTRON_PACKAGE = inRepository('node_modules', 'electron');
const FAILURE_RECORD = inRepository('.cache', 'electron-unavailable.json');

/** Longest that a start waits for the download, in milliseconds. */
const DEADLINE_MS = 20_000;

/** A failure is remembered this long, in milliseconds: machines that cannot reach the download seldom come to. */
const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Path of the Electron binary, downloaded now if that takes no longer than 20 seconds. Null where it cannot be had; it
 * has then been said in one line.
 * @returns {Promise<string | null>}
 */
export async function ensureElectron() {
  const present = electronBinary();
  if (present !== null) return present;
  const version = packageVersion();
  if (failedBefore(version)) {
    sayUnavailable('it could not be downloaded before');
    return null;
  }
  const { code, timedOut } = await run(node24(), [join(ELECTRON_PACKAGE, 'install.js')], {
    env: childEnvironment(),
    deadlineMs: DEADLINE_MS,
    quiet: true,
  });
  const downloaded = code === 0 ? electronBinary() : null;
  if (downloaded === null) {
    writeStamp(FAILURE_RECORD, `${JSON.stringify({ version, time: new Date().toISOString() })}\n`);
    sayUnavailable(timedOut ? 'its download took more than 20 seconds' : 'it could not be downloaded');
  }
  return downloaded;
}

/** @returns {string | null} null when it is not there or not the one of the package */
export function electronBinary() {
  const pathFile = join(ELECTRON_PACKAGE, 'path.txt');
  const versionFile = join(ELECTRON_PACKAGE, 'dist', 'version');
  if (!existsSync(pathFile) || !existsSync(versionFile)) return null;
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== packageVersion()) return null;
  const binary = join(ELECTRON_PACKAGE, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : null;
}

function packageVersion() {
  return /** @type {string} */ (JSON.parse(readFileSync(join(ELECTRON_PACKAGE, 'package.json'), 'utf8')).version);
}

/** @param {string} version */
function failedBefore(version) {
  if (process.env.THROUGHLINE_RETRY_ELECTRON === '1' || !existsSync(FAILURE_RECORD)) return false;
  try {
    const record = JSON.parse(readFileSync(FAILURE_RECORD, 'utf8'));
    return record.version === version && Date.now() - Date.parse(record.time) < REMEMBERED_MS;
  } catch {
    // A record that cannot be read says nothing; the next failure replaces it.
    return false;
  }
}

/** @param {string} why */
function sayUnavailable(why) {
  say(
    `no Electron binary (${why}), so the same app opens in a browser; THROUGHLINE_RETRY_ELECTRON=1 npm start tries again.`,
  );
}
