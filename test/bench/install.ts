import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));
const INSTALL_LIMIT_MS = 5 * 60_000;

/** Packages that were installed beside the project, never into it. */
export interface Installed {
  /** The path of a file of a package. */
  path(file: string): string;
}

/**
 * Installs packages, by name and exact version, into a folder of the cache unless they are there. Answers null when they
 * cannot be had, for example without a network.
 */
export async function installBeside(
  folder: string,
  versions: Readonly<Record<string, string>>,
  report: (line: string) => void,
): Promise<Installed | null> {
  const target = join(CACHE, folder);
  const modules = join(target, 'node_modules');
  if (!Object.keys(versions).every((name) => existsSync(join(modules, name)))) {
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'package.json'), '{ "private": true }\n');
    const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', ...packages];
    report(`installing ${packages.join(', ')} into ${target}`);
    try {
      await promisify(execFile)('npm', args, { cwd: target, timeout: INSTALL_LIMIT_MS });
    } catch (error) {
      report(`the peers could not be installed: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
  return { path: (file) => join(modules, file) };
}
