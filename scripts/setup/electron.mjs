import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { writeStamp } from './fingerprint.mjs';
import { say } from './messages.mjs';
import { childEnvironment, node24 } from './node24.mjs';
import { inRepository } from './paths.mjs';

/** Longest that a start waits for the download, in milliseconds. */
const DEADLINE_MS = 20_000;

/** A failure is remembered this long, in milliseconds: machines that cannot reach the download seldom come to. */
const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * @typedef {object} ElectronOptions
 * @property {string} [folder] the installed npm package "electron"
 * @property {string} [failureRecord] file that remembers a failure
 * @property {number} [deadlineMs]
 * @property {boolean} [retry] try again although it failed before
 */

/**
 * Path of the Electron binary, downloaded now if that takes no longer than 20 seconds. Null where it cannot be had; it
 * has then been said in one line.
 * @param {ElectronOptions} [options]
 * @returns {Promise<string | null>}
 */
export async function ensureElectron({
  folder = inRepository('node_modules', 'electron'),
  failureRecord = inRepository('.cache', 'electron-unavailable.json'),
  deadlineMs = DEADLINE_MS,
  retry = process.env.THROUGHLINE_RETRY_ELECTRON === '1',
} = {}) {
  const present = electronBinary(folder);
  if (present !== null) return present;
  const version = packageVersion(folder);
  if (!retry && failedBefore(failureRecord, version)) {
    sayUnavailable('it could not be downloaded before');
    return null;
  }
  const { code, timedOut } = await run(node24(), [join(folder, 'install.js')], {
    env: childEnvironment(),
    deadlineMs,
    quiet: true,
  });
  const downloaded = code === 0 ? electronBinary(folder) : null;
  if (downloaded === null) {
    writeStamp(failureRecord, `${JSON.stringify({ version, time: new Date().toISOString() })}\n`);
    sayUnavailable(timedOut ? 'its download took too long' : 'it could not be downloaded');
  }
  return downloaded;
}

/**
 * @param {string} [folder] the installed npm package "electron"
 * @returns {string | null} null when it is not there or not the one of the package
 */
export function electronBinary(folder = inRepository('node_modules', 'electron')) {
  const pathFile = join(folder, 'path.txt');
  const versionFile = join(folder, 'dist', 'version');
  if (!existsSync(pathFile) || !existsSync(versionFile)) return null;
  if (readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== packageVersion(folder)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : null;
}

/** @param {string} folder */
function packageVersion(folder) {
  return /** @type {string} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version);
}

/**
 * @param {string} failureRecord
 * @param {string} version
 */
function failedBefore(failureRecord, version) {
  if (!existsSync(failureRecord)) return false;
  try {
    const record = JSON.parse(readFileSync(failureRecord, 'utf8'));
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
