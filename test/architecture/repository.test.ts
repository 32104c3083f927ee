import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, packageOf } from './imports.ts';
import {
  brokenLinks,
  inexactVersions,
  installScripts,
  licenceOf,
  licenceProblems,
  pathsOutside,
  readTexts,
  tiesToElsewhere,
} from './repository.ts';
import { readSources, repositoryFiles, ROOT } from './sources.ts';

const files = readTexts(repositoryFiles());

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  license: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
};

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; hasInstallScript?: boolean }>;
};

/** Everything that ends up in what a user runs: dependencies, and what the renderer bundles. */
function shippedPackages(): string[] {
  const bundled = readSources(['renderer', 'src'])
    .flatMap((source) => importsOf(source).map(({ specifier }) => packageOf(specifier)))
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
  return [...new Set([...Object.keys(manifest.dependencies), ...bundled])];
}

describe('the repository stands alone', () => {
  it('has files to look at', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.map((file) => file.path)).toContain('package.json');
  });

  it('names no path of a machine and no package host', () => {
    expect(tiesToElsewhere(files)).toEqual([]);
  });

  it('names nothing outside itself', () => {
    expect(pathsOutside(files)).toEqual([]);
  });

  it('locks versions, not where they were fetched from', () => {
    const fetched = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
    expect(fetched.map(([path]) => path)).toEqual([]);
  });

  it('links only to files that are there', () => {
    expect(brokenLinks(files, (path) => existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(['LICENSE', 'CHANGELOG.md', 'README.md', 'docs/threat-model.md', 'docs/decisions/README.md'])(
    'has %s',
    (path) => {
      expect(files.find((file) => file.path === path)?.text.trim() ?? '').not.toBe('');
    },
  );

  it('is under the MIT licence in word and in package.json', () => {
    expect(files.find((file) => file.path === 'LICENSE')?.text).toContain(
      'Permission is hereby granted, free of charge',
    );
    expect(manifest.license).toBe('MIT');
  });
});

describe('packages', () => {
  it('S29: are named with one exact version each', () => {
    expect(inexactVersions(manifest)).toEqual([]);
  });

  it('S29: are locked with a checksum each', () => {
    const unchecked = Object.entries(lock.packages).filter(
      ([path, entry]) => path !== '' && !entry.link && !entry.integrity,
    );
    expect(unchecked.map(([path]) => path)).toEqual([]);
  });

  it('that ship have a licence that anybody may build on', () => {
    const shipped = shippedPackages();
    expect(shipped.length).toBeGreaterThan(5);
    expect(licenceProblems(new Map(shipped.map((name) => [name, licenceOf(name)])))).toEqual([]);
  });

  it('S29: run nothing of ours when they are installed', () => {
    expect(installScripts(manifest)).toEqual([]);
  });
});

describe('the checks of the repository can fail', () => {
  // Joined, so that this file does not climb out itself.
  const upwards = ['..', 'shared', 'notes.md'].join('/');

  it.each([
    ['a home folder', ['see ', 'home', 'ada', 'notes'].join('/')],
    ['a root folder', ['cd ', 'root', 'x'].join('/')],
    ['a package host', ['https://registry', 'npmjs', 'org/zod'].join('.')],
  ])('on %s', (_what, text) => {
    expect(tiesToElsewhere([{ path: 'README.md', text }])).toHaveLength(1);
  });

  it('but not on an address that has such a word in it', () => {
    expect(tiesToElsewhere([{ path: 'README.md', text: 'https://example.com/work/a and ~/work/' }])).toEqual([]);
  });

  it('on a path that leaves the repository', () => {
    expect(pathsOutside([{ path: 'README.md', text: `see ${upwards}` }])).toHaveLength(1);
    expect(pathsOutside([{ path: 'src/a.ts', text: `see ../${upwards}` }])).toHaveLength(1);
    expect(pathsOutside([{ path: 'src/a/b.ts', text: `import '${upwards}'` }])).toEqual([]);
  });

  it('on a range of versions', () => {
    expect(inexactVersions({ dependencies: { a: '^1.0.0', b: '1.0.0', c: 'latest', d: '~2.0.1' } })).toHaveLength(3);
  });

  it('on an install script', () => {
    expect(installScripts({ scripts: { postinstall: 'x', test: 'y' } })).toEqual(['postinstall']);
  });

  it('on a licence that binds those who build on it', () => {
    expect(
      licenceProblems(
        new Map([
          ['a', 'GPL-3.0-only'],
          ['b', 'MIT'],
          ['c', 'none'],
        ]),
      ),
    ).toHaveLength(2);
  });

  it('on a link to nothing', () => {
    expect(brokenLinks([{ path: 'docs/a.md', text: '[b](b.md) [c](https://example.com)' }], () => false)).toHaveLength(
      1,
    );
  });
});
