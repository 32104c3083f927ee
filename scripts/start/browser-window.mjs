import { spawn } from 'node:child_process';
import { stopChild } from '../setup/child.mjs';
import { whyNoWindow } from './display.mjs';

/**
 * @typedef {{ command: string, args: string[] }} WindowCommand
 * @typedef {{ stop: () => Promise<void> }} BrowserWindow
 */

const LINUX_BROWSERS = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const MAC_BROWSERS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS_BROWSERS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/** A browser that fails does so at once; one that is still there after this has its window. Milliseconds. */
const FAILS_WITHIN_MS = 3000;

/**
 * What could show the page, best first: a window of its own with its own profile, else the default browser. Empty where
 * no window can be opened, and for anything but an http address of this machine.
 * @param {string} address
 * @param {string} profile folder for the window's own browser profile
 * @param {import('./display.mjs').Machine} machine
 * @returns {WindowCommand[]}
 */
export function windowCommands(address, profile, machine) {
  const url = new URL(address);
  if (url.protocol !== 'http:' || url.hostname !== '127.0.0.1' || whyNoWindow(machine) !== null) return [];
  const args = [
    `--app=${url.href}`,
    `--user-data-dir=${profile}`,
    // Of the first time; the browser remembers what the person makes of it.
    '--window-size=1440,900',
    '--no-first-run',
    '--no-default-browser-check',
  ];
  const windows = browsersOf(machine).map((command) => ({ command, args }));
  return [...windows, defaultBrowser(url.href, machine.platform)];
}

/** @param {import('./display.mjs').Machine} machine */
function browsersOf({ platform, environment }) {
  if (platform === 'darwin') return MAC_BROWSERS;
  if (platform !== 'win32') return LINUX_BROWSERS;
  return [environment.PROGRAMFILES, environment['PROGRAMFILES(X86)'], environment.LOCALAPPDATA].flatMap((folder) =>
    folder ? WINDOWS_BROWSERS.map((program) => `${folder}\\${program}`) : [],
  );
}

/**
 * @param {string} address
 * @param {NodeJS.Platform} platform
 * @returns {WindowCommand}
 */
function defaultBrowser(address, platform) {
  if (platform === 'darwin') return { command: 'open', args: [address] };
  // Not `start`, which only a shell has.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', address] };
  return { command: 'xdg-open', args: [address] };
}

/**
 * Starts the first command that works, without a shell.
 * @param {readonly WindowCommand[]} commands
 * @param {{ failsWithinMs?: number }} [options]
 * @returns {Promise<BrowserWindow | null>} null when none works
 */
export async function openFirst(commands, { failsWithinMs = FAILS_WITHIN_MS } = {}) {
  for (const command of commands) {
    const opened = await open(command, failsWithinMs);
    if (opened !== null) return opened;
  }
  return null;
}

/**
 * @param {WindowCommand} command
 * @param {number} failsWithinMs
 * @returns {Promise<BrowserWindow | null>}
 */
function open({ command, args }, failsWithinMs) {
  const ownGroup = process.platform !== 'win32';
  return new Promise((resolve) => {
    // Its own group, so that Ctrl-C reaches it through `stop` only, and then with everything that it started.
    const child = spawn(command, args, { shell: false, detached: ownGroup, stdio: 'ignore' });
    child.unref();
    const window = { stop: () => stopChild(child, { ownGroup }) };
    const timer = setTimeout(() => resolve(window), failsWithinMs);
    child.once('error', () => {
      clearTimeout(timer);
      resolve(null);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      // 0 at once: it has handed the address to a browser that was already running.
      resolve(code === 0 ? window : null);
    });
  });
}
