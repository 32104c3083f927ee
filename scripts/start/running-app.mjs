import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../setup/messages.mjs';

/** Longest wait for an answer of the running app, in milliseconds. */
const ANSWER_MS = 3000;

/**
 * @typedef {object} RunningApp
 * @property {string} url origin, for example `http://127.0.0.1:4820`
 * @property {string} token
 * @property {string | null} operatorSecret opens pages that may manage; null when the desktop app runs
 * @property {boolean} isUnattended a bridge started it; the desktop app takes its place
 */

/**
 * The app of this user that already runs, or null. Of all running gateways it is the one with the app's own token.
 * @param {string} appFolder
 * @param {string} stateFolder
 * @returns {Promise<RunningApp | null>}
 */
export async function findRunningApp(appFolder, stateFolder) {
  // The same order in which a gateway chooses its token.
  const token = process.env.THROUGHLINE_TOKEN || readText(join(appFolder, 'token'))?.trim();
  if (token === undefined) return null;
  for (const name of stateFiles(stateFolder)) {
    const app = parseState(readText(join(stateFolder, name)));
    // A file may outlive its gateway, when that was killed: only one that answers runs.
    if (app !== null && app.token === token && (await answers(app))) return app;
  }
  return null;
}

/**
 * A desktop app that runs has no operator secret: started again, it shows its own window. One that a bridge started makes
 * way for a desktop app that can be opened.
 * @param {Pick<RunningApp, 'operatorSecret' | 'isUnattended'>} running
 * @param {boolean} canOpenDesktop
 */
export function isForDesktop(running, canOpenDesktop) {
  return canOpenDesktop && (running.operatorSecret === null || running.isUnattended);
}

/**
 * A fresh address of its page; it works once, within a minute.
 * @param {RunningApp} app
 * @returns {Promise<string>}
 */
export async function pageAddress({ url, token, operatorSecret }) {
  const response = await fetch(`${url}/api/open-code`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(operatorSecret === null ? {} : { operatorSecret }),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const { ui } = /** @type {{ ui?: unknown }} */ (await response.json());
  if (response.ok && typeof ui === 'string') return ui;
  throw new SetupError(`Throughline already runs at ${url} but gave no page address; stop it and try again.`);
}

/** @param {RunningApp} app */
async function answers({ url, token }) {
  try {
    const response = await fetch(`${url}/health`, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return response.ok;
  } catch {
    // Refused or silent: nothing of ours listens there.
    return false;
  }
}

/** @param {string} folder */
function stateFiles(folder) {
  try {
    return readdirSync(folder).filter((name) => /^gateway-\d{1,5}\.json$/.test(name));
  } catch {
    // No gateway has run yet.
    return [];
  }
}

/**
 * @param {string | null} text
 * @returns {RunningApp | null}
 */
function parseState(text) {
  if (text === null) return null;
  try {
    const { url, token, operatorSecret, isUnattended } = JSON.parse(text);
    if (typeof token !== 'string' || new URL(url).hostname !== '127.0.0.1') return null;
    return {
      url: new URL(url).origin,
      token,
      operatorSecret: typeof operatorSecret === 'string' ? operatorSecret : null,
      isUnattended: isUnattended === true,
    };
  } catch {
    // Half-written or not ours.
    return null;
  }
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Absent: the app has not run yet, or its gateway has ended meanwhile.
    return null;
  }
}
