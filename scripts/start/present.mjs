import { say } from '../setup/messages.mjs';
import { openFirst, windowCommands } from './browser-window.mjs';
import { thisMachine, whyNoWindow } from './display.mjs';

/**
 * Shows the page in a window, or prints its address on a line of its own where no window can be opened.
 * @param {string} address
 * @param {string} profile
 * @returns {Promise<import('./browser-window.mjs').BrowserWindow | null>} the window, or null when the address was printed
 */
export async function present(address, profile) {
  const machine = thisMachine();
  const window = await openFirst(windowCommands(address, profile, machine));
  if (window !== null) {
    print('The app is open in a window; closed by mistake, "npm start" in another terminal opens it again.\n');
    return window;
  }
  say(`${whyNoWindow(machine) ?? 'no browser could be started'}, so open the page yourself, within a minute:`);
  print(`Open: ${address}\n`);
  return null;
}

/**
 * What clients need, for people to read.
 * @param {{ state: string, mcp: string, tokenFile: string }} facts
 */
export function printReady({ state, mcp, tokenFile }) {
  print(`\n${state}\n\n  MCP endpoint  ${mcp}\n  Token         in ${tokenFile}\n\n`);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(text);
}
