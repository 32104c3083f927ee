import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../shared/kernel/user-error.ts';
import { DEFAULT_PORT } from './config/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const MAX_PORT = 65_535;

/** The app's own folder: `throughline` below `$XDG_CONFIG_HOME`, else below `~/.config`. */
export function appDirectory(environment: Environment): string {
  const xdg = environment['XDG_CONFIG_HOME'];
  // The XDG specification has relative values ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.config');
  return join(base, 'throughline');
}

/** Where the app listens: `$THROUGHLINE_PORT`, for when another program has the usual one. Throws a UserError. */
export function appPort(environment: Environment): number {
  const named = environment['THROUGHLINE_PORT'] ?? '';
  const port = named === '' ? DEFAULT_PORT : Number(named);
  if (Number.isInteger(port) && port >= 0 && port <= MAX_PORT) return port;
  throw new UserError(`Set THROUGHLINE_PORT to a number from 0 to ${MAX_PORT}, or do not set it.`);
}
