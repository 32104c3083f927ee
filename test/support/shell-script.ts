import { chmod, writeFile } from 'node:fs/promises';

/** Writes a program that stands for another, and returns its path. */
export async function writeShellScript(path: string, script: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
