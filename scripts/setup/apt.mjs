import { existsSync } from 'node:fs';
import { run } from './child.mjs';
import { SetupError, say } from './messages.mjs';

/** True when this is root on a Debian, so that a missing program can be installed without asking. */
export function canUseApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/**
 * Installs a package of Debian's. Throws a SetupError with `advice` when apt-get fails.
 * @param {{ name: string, progress: string, advice: string }} wish `progress` is a line that says what is going on
 */
export async function installDebianPackage({ name, progress, advice }) {
  say(progress);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await run('apt-get', ['update', '-q'], { env });
  const installed =
    updated.code === 0
      ? await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], { env })
      : updated;
  if (installed.code !== 0) throw new SetupError(advice);
}
