import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './messages.mjs';

/**
 * The program that an environment variable names, or null when it names none.
 * @param {string} variable
 * @param {string} what what the variable should name, for the sentence when it names something else
 * @returns {string | null}
 */
export function namedProgram(variable, what) {
  const named = process.env[variable];
  if (named === undefined || named === '') return null;
  if (isExecutable(named)) return named;
  throw new SetupError(
    `${variable} names ${named}, which is not a program that can be run; set it to the path of ${what}, or unset it.`,
  );
}

/**
 * The first of these programs that is on PATH.
 * @param {readonly string[]} names
 * @returns {string | null}
 */
export function findOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return null;
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Missing or not ours to run: either way it is not the program that is looked for.
    return false;
  }
}
