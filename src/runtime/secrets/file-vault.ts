import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../../shared/kernel/parse-json.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import { readUserOnly, writeUserOnly } from '../home/user-only-file.ts';
import type { SecretKey } from './secret-reference.ts';
import type { SecretCipher, SecretVault } from './secret-vault.ts';

const entrySchema = z.union([z.strictObject({ clear: z.string() }), z.strictObject({ sealed: z.base64() })]);
const fileSchema = z.record(z.string(), entrySchema);

type Entry = z.output<typeof entrySchema>;

/**
 * Keeps secrets in a user-only file: encrypted by `cipher`, or as they are when there is none. With a cipher, what an
 * earlier run kept in clear is encrypted at once. What cannot be decrypted is left as it is: another host may be able to.
 * Rejects with a UserError when the file cannot be understood.
 */
export async function openFileVault(file: string, cipher: SecretCipher | null): Promise<SecretVault> {
  let entries: ReadonlyMap<SecretKey, Entry> = new Map();
  const values = new Map<SecretKey, string>();
  const seal = async (value: string): Promise<Entry> =>
    cipher === null ? { clear: value } : { sealed: Buffer.from(await cipher.seal(value)).toString('base64') };

  async function save(next: ReadonlyMap<SecretKey, Entry>): Promise<void> {
    await writeUserOnly(file, `${JSON.stringify(Object.fromEntries(next), null, 2)}\n`);
    entries = next;
  }

  /** Takes over what is in the file now: another process of this user may have changed it. */
  async function refresh(): Promise<void> {
    const current = await readEntries(file);
    const resealed = new Map<SecretKey, Entry>();
    for (const key of values.keys()) if (!current.has(key)) values.delete(key);
    for (const [key, entry] of current) {
      if (isDeepStrictEqual(entries.get(key), entry)) continue;
      values.delete(key);
      const opened = await openEntry(entry, cipher);
      if (opened === null) continue;
      values.set(key, opened.text);
      if (opened.isStale) resealed.set(key, await seal(opened.text));
    }
    entries = current;
    if (resealed.size > 0) await save(new Map([...current, ...resealed]));
  }

  await refresh();
  return {
    storage: { kind: cipher === null ? 'file' : 'keychain', file },
    get(key) {
      const value = values.get(key);
      if (value !== undefined) return { value };
      return entries.has(key) ? 'unreadable' : 'missing';
    },
    keys: () => [...entries.keys()],
    async change({ put = new Map<SecretKey, string>(), remove = [] }) {
      await refresh();
      const gone = remove.filter((key) => entries.has(key));
      if (put.size === 0 && gone.length === 0) return;
      const next = new Map(entries);
      for (const key of gone) next.delete(key);
      for (const [key, value] of put) next.set(key, await seal(value));
      await save(next);
      for (const key of gone) values.delete(key);
      for (const [key, value] of put) values.set(key, value);
    },
  };
}

/** Null when it is encrypted and cannot be decrypted here. */
async function openEntry(
  entry: Entry,
  cipher: SecretCipher | null,
): Promise<{ readonly text: string; readonly isStale: boolean } | null> {
  if ('clear' in entry) return { text: entry.clear, isStale: cipher !== null };
  if (cipher === null) return null;
  try {
    return await cipher.open(Buffer.from(entry.sealed, 'base64'));
  } catch {
    // The system's key is another one now. Its owner is told when a server needs the secret.
    return null;
  }
}

async function readEntries(file: string): Promise<ReadonlyMap<SecretKey, Entry>> {
  const text = await readUserOnly(file);
  if (text === null) return new Map();
  const parsed = fileSchema.safeParse(parseJson(text));
  // Not replaced by an empty one: that would lose every secret for one bad character.
  if (!parsed.success) {
    throw new UserError(
      `The secrets in ${file} cannot be read. Mend the file, or delete it and enter the servers' secrets again.`,
    );
  }
  return new Map(Object.entries(parsed.data) as [SecretKey, Entry][]);
}
