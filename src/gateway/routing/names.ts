import { createHash } from 'node:crypto';
import type { UpstreamServer } from '../upstream/upstream-server.ts';

/** The shortest limit for a tool's name that is common among clients. */
export const MAX_NAME_LENGTH = 64;

const COMMON_NAME = /^[A-Za-z0-9_./-]+$/;
const HASH_LENGTH = 12;
const ENDS_IN_HASH = /_[0-9a-f]{12}$/;

/**
 * The name under which several servers' tools and prompts stand side by side: the server's prefix, the separator and its
 * own name. One that clients would refuse is shortened, its odd letters are replaced, and a hash of the server's own name
 * ends it. The server's own name that ends like that is treated so too, hence no two names of a server become one.
 */
export function exposedName(server: Pick<UpstreamServer, 'prefix'>, name: string, separator: string): string {
  const head = server.prefix + separator;
  return isCommon(head, name) ? head + name : shortened(head, name);
}

/** True when the server's own name can be read off the exposed one; otherwise it must be remembered. */
export function isKeptInFull(server: Pick<UpstreamServer, 'prefix'>, name: string, separator: string): boolean {
  return isCommon(server.prefix + separator, name);
}

function isCommon(head: string, name: string): boolean {
  return head.length + name.length <= MAX_NAME_LENGTH && COMMON_NAME.test(name) && !ENDS_IN_HASH.test(name);
}

function shortened(head: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  const room = MAX_NAME_LENGTH - head.length - HASH_LENGTH - 1;
  const readable = name.replaceAll(/[^A-Za-z0-9_./-]/g, '_').slice(0, room);
  return `${head}${readable}_${hash}`;
}
