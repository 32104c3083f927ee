import { parseArgs } from 'node:util';
import { SetupError } from '../setup/messages.mjs';

const MAX_PORT = 65_535;

/**
 * The port asked for by `npm start -- --port N` or THROUGHLINE_PORT, or null for the usual one.
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string | null}
 */
export function chosenPort(args, environment) {
  const port = portOption(args) ?? (environment.THROUGHLINE_PORT || null);
  if (port === null) return null;
  if (/^\d{1,5}$/.test(port) && Number(port) <= MAX_PORT) return port;
  throw new SetupError(`Give --port (or THROUGHLINE_PORT) a number from 0 to ${MAX_PORT}; 0 takes a free port.`);
}

/** @param {readonly string[]} args */
function portOption(args) {
  try {
    return parseArgs({ args: [...args], options: { port: { type: 'string' } } }).values.port ?? null;
  } catch {
    // Node's own words speak of more than there is to choose here.
    throw new SetupError('Use "npm start", or "npm start -- --port N" to choose the port.');
  }
}
