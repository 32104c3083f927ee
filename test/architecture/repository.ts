import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { ROOT } from './sources.ts';

/** A tracked text file. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

const BINARY = /\.(png|jpe?g|gif|ico|icns|woff2?|db|sqlite|bin|gz|zip)$/;

export function readTexts(paths: readonly string[]): TextFile[] {
  return paths
    .filter((path) => !BINARY.test(path) && existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Joined here, so that this file does not name what no file may name. */
const joined = (...parts: readonly string[]): string => parts.join('');

/** /home/someone is nobody's. */
const MACHINE_FOLDERS = ['work', 'root', 'home(?!/someone\\b)'].join('|');

const PACKAGE_HOSTS = [
  joined('registry.', 'npmjs.', 'org'),
  joined('registry.', 'yarnpkg.', 'com'),
  joined('npm.', 'pkg.', 'github.', 'com'),
  joined('registry.', 'npmmirror.', 'com'),
  joined('deb.', 'debian.', 'org'),
  joined('cdn.', 'playwright.', 'dev'),
  joined('artifact', 'ory'),
];

/** What ties a repository to the machine or the network it was written on. */
const TIES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a path of one machine', pattern: new RegExp(`(?<![\\w.:/~*-])/(${MACHINE_FOLDERS})/`) },
  { what: 'a package host', pattern: new RegExp(PACKAGE_HOSTS.map((host) => host.replaceAll('.', '\\.')).join('|')) },
];

export function tiesToElsewhere(files: readonly TextFile[]): string[] {
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((line, index) => {
      const where = `${file.path}:${String(index + 1)}`;
      return TIES.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${where} names ${what}`);
    }),
  );
}

const UPWARDS = /(?:\.\.\/)+[\w@.-][\w@./-]*/g;

/** Relative paths that climb out of the repository. `exists` says whether a path inside it is there. */
export function pathsOutside(files: readonly TextFile[]): string[] {
  return files.flatMap((file) =>
    [...file.text.matchAll(UPWARDS)]
      .map(([path]) => ({ path, target: posix.join(posix.dirname(file.path), path) }))
      .filter(({ target }) => target.startsWith('../'))
      .map(({ path }) => `${file.path} names ${path}, which is outside`),
  );
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

export function inexactVersions(manifest: Manifest): string[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(all)
    .filter(([, version]) => !/^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: ${version}`);
}

const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];

export function installScripts(manifest: Manifest): string[] {
  return INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined);
}

const ALLOWED_LICENCES = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);

/** Packages, among those given, whose licence is not one that anybody may build on. */
export function licenceProblems(licences: ReadonlyMap<string, string>): string[] {
  return [...licences].filter(([, licence]) => !ALLOWED_LICENCES.has(licence)).map(([name, l]) => `${name}: ${l}`);
}

export function licenceOf(packageName: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'node_modules', packageName, 'package.json'), 'utf8'));
  const licence = (manifest as { license?: unknown }).license;
  return typeof licence === 'string' ? licence : 'none';
}

/** Links of a Markdown file to files of the repository that are not there. */
export function brokenLinks(files: readonly TextFile[], exists: (path: string) => boolean): string[] {
  return files
    .filter((file) => file.path.endsWith('.md'))
    .flatMap((file) =>
      [...file.text.matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)[^)]*\)|<img[^>]+src="(?!https?:)([^"]+)"/g)]
        .map((match) => match[1] ?? match[2] ?? '')
        .filter((link) => !exists(relative('.', join(dirname(file.path), decodeURI(link)))))
        .map((link) => `${file.path} links to ${link}`),
    );
}
