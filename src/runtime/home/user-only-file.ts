import { randomUUID } from 'node:crypto';
import { chmod, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DRAFT = /\.[0-9a-f-]{36}\.tmp$/;
/** A younger one may be somebody's who is just writing it. */
const ABANDONED_AFTER_MILLIS = 60_000;

/** Null when there is no such file. What there is gets mode 0600 (S26). */
export async function readUserOnly(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    return text;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Writes a file of mode 0600, whole or not at all: a crash or a power cut half-way leaves the old one. */
export async function writeUserOnly(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Removes what a crash left half-written in a folder: it may hold secrets that have been removed since. */
export async function removeAbandonedDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!DRAFT.test(name)) continue;
    const draft = join(folder, name);
    const { mtimeMs } = await stat(draft).catch((error: unknown) => {
      if (isMissing(error)) return { mtimeMs: Number.POSITIVE_INFINITY };
      throw error;
    });
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MILLIS) await rm(draft, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
