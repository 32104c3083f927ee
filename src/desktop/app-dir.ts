import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The app's own folder: `throughline` below `$XDG_CONFIG_HOME`, else below `~/.config`. */
export function appDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const xdg = environment['XDG_CONFIG_HOME'];
  // The XDG specification has relative values ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.config');
  return join(base, 'throughline');
}
