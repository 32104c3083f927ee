import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * The app's own folder: servers, approvals and the token, kept over restarts.
 * @param {Environment} [environment]
 */
export function appFolder(environment = process.env) {
  return join(xdgFolder(environment.XDG_CONFIG_HOME, '.config'), 'throughline');
}

/**
 * Where running gateways leave their state files.
 * @param {Environment} [environment]
 */
export function stateFolder(environment = process.env) {
  return (
    environment.THROUGHLINE_STATE_DIR || join(xdgFolder(environment.XDG_STATE_HOME, '.local/state'), 'throughline')
  );
}

/**
 * The profile of the browser window, so that it is a window of its own and not a tab of the person's browser.
 * @param {Environment} [environment]
 */
export function windowProfileFolder(environment = process.env) {
  return join(xdgFolder(environment.XDG_CACHE_HOME, '.cache'), 'throughline', 'window');
}

/**
 * The XDG specification has relative values ignored.
 * @param {string | undefined} value
 * @param {string} belowHome
 */
function xdgFolder(value, belowHome) {
  return value !== undefined && isAbsolute(value) ? value : join(homedir(), belowHome);
}
