import { createHash } from 'node:crypto';

/** What of a session id is recorded. */
export type SessionHash = (sessionId: string) => string;

const HASH_LENGTH = 12;
const MOST_REMEMBERED = 1_000;

/** Enough to tell sessions apart, useless for taking one over (R16). Sessions repeat from call to call. */
export function createSessionHash(): SessionHash {
  const hashes = new Map<string, string>();
  return (sessionId) => {
    const known = hashes.get(sessionId);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(sessionId).digest('hex').slice(0, HASH_LENGTH);
    if (hashes.size >= MOST_REMEMBERED) hashes.clear();
    hashes.set(sessionId, hash);
    return hash;
  };
}
