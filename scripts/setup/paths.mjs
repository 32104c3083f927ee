import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. Every other path is made from it, so the scripts work from any folder. */
export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {...string} segments */
export function inRepository(...segments) {
  return join(repositoryRoot, ...segments);
}
