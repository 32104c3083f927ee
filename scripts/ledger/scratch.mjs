import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../setup/child.mjs';
import { SetupError } from '../setup/messages.mjs';
import { childEnvironment, node24 } from '../setup/node24.mjs';
import { inRepository } from '../setup/paths.mjs';

const COPIED = [
  'bin',
  'dist',
  'docs',
  'renderer',
  'scripts',
  'src',
  'test',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'eslint.config.js',
  'package-lock.json',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/**
 * A copy of the tree in which things may be broken.
 * @typedef {object} Scratch
 * @property {string} root
 * @property {(guard: import('../../test/requirements/row.ts').Guard) => (() => void) | null} undo replaces the guarded place; call the answer to put it back; null when the place is not there exactly once
 * @property {() => Promise<void>} build
 * @property {() => void} remove
 */

/** @returns {Scratch} */
export function createScratch() {
  const root = mkdtempSync(join(tmpdir(), 'throughline-ledger-'));
  for (const name of COPIED) {
    if (existsSync(inRepository(name))) cpSync(inRepository(name), join(root, name), { recursive: true });
  }
  symlinkSync(inRepository('node_modules'), join(root, 'node_modules'), 'dir');
  return {
    root,
    undo: (guard) => undo(root, guard),
    build: () => build(root),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/**
 * @param {string} root
 * @param {import('../../test/requirements/row.ts').Guard} guard
 * @returns {(() => void) | null}
 */
function undo(root, { file, find, replace }) {
  const path = join(root, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (text.split(find).length !== 2) return null;
  // A function, because a `$` in a replacement string means something else.
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  return () => writeFileSync(path, text);
}

/** @param {string} root */
async function build(root) {
  const { code, output } = await run(node24(), [join(root, 'scripts', 'build', 'bundle.mjs')], {
    cwd: root,
    env: childEnvironment(),
    quiet: true,
  });
  if (code !== 0) throw new SetupError(`The copy of the tree does not build:\n${output}`);
}
