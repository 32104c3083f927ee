import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ServerId } from '../../shared/domain/ids.ts';
import { parseJson } from '../../shared/kernel/parse-json.ts';
import { readUserOnly, writeUserOnly } from './user-only-file.ts';

/** Digests of the config file's entries that somebody has seen and agreed to (S15). */
export interface Approvals {
  /** Whether this server was agreed to exactly as the entry stands. */
  has(id: ServerId, entry: unknown): boolean;
  /** From now on these forms of the server count as agreed to, and no others. */
  set(id: ServerId, entries: readonly unknown[]): Promise<void>;
  remove(id: ServerId): Promise<void>;
}

// Usually one digest; two while an entry is being rewritten, so that a crash in between asks for nothing again.
const fileSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export async function openApprovals(file: string): Promise<Approvals> {
  let digests = await readDigests(file);
  async function change(edit: (current: Digests) => void): Promise<void> {
    // Another process of this user may have changed it.
    const current = await readDigests(file);
    edit(current);
    const entries = [...current].map(([id, all]) => [id, all.length === 1 ? all[0] : all]);
    await writeUserOnly(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    digests = current;
  }
  return {
    has: (id, entry) => digests.get(id)?.includes(digestOf(entry)) ?? false,
    set: (id, entries) => change((current) => current.set(id, entries.map(digestOf))),
    remove: (id) => change((current) => current.delete(id)),
  };
}

type Digests = Map<string, readonly string[]>;

async function readDigests(file: string): Promise<Digests> {
  const text = await readUserOnly(file);
  // Damaged: nothing counts as agreed to, so everything is asked again.
  const written = fileSchema.catch({}).parse(text === null ? {} : parseJson(text));
  return new Map(Object.entries(written).map(([id, digest]) => [id, [digest].flat()]));
}

/** The whole entry counts, whatever its keys are and however they are ordered. */
function digestOf(entry: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(entry)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
