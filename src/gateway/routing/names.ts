import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../frame/frame.ts';
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

export interface OwnName {
  readonly server: UpstreamServer;
  /** As the server calls it. */
  readonly name: string;
}

/**
 * The server behind an exposed name. Prefixes may contain the separator, so a name can read as two servers': the one
 * whose list has it wins, else the longest prefix.
 */
export function ownerOfName(
  exposed: string,
  servers: readonly UpstreamServer[],
  separator: string,
  kind: 'tools' | 'prompts',
): OwnName | null {
  const candidates = servers
    .filter((server) => exposed.startsWith(`${server.prefix}${separator}`))
    .map((server) => ({ server, name: exposed.slice(server.prefix.length + separator.length) }))
    .filter(({ name }) => name !== '')
    .toSorted((a, b) => b.server.prefix.length - a.server.prefix.length);
  return candidates.find(({ server, name }) => lists(server, kind, name)) ?? candidates[0] ?? null;
}

/** The server that lists a resource, or whose template's fixed beginning fits best, else the only one with resources. */
export function ownerOfUri(uri: string, servers: readonly UpstreamServer[]): UpstreamServer | null {
  const listing = servers.find((server) => server.status().catalog.resources.some((item) => item['uri'] === uri));
  if (listing !== undefined) return listing;
  const able = servers.filter((server) => 'resources' in (server.status().introduction?.capabilities ?? {}));
  const scheme = uri.slice(0, uri.indexOf(':') + 1);
  const sameScheme = able.filter((server) =>
    server.status().catalog.resources.some((item) => String(item['uri']).startsWith(scheme)),
  );
  return sameScheme[0] ?? able[0] ?? null;
}

/** `ref` of `completion/complete`: `{type: 'ref/prompt', name}` or `{type: 'ref/resource', uri}`. */
export function referenceOf(params: JsonObject | null): { readonly name: string | null; readonly uri: string | null } {
  const reference = params?.['ref'];
  if (!isObject(reference)) return { name: null, uri: null };
  const { name, uri } = reference;
  return { name: typeof name === 'string' ? name : null, uri: typeof uri === 'string' ? uri : null };
}

function lists(server: UpstreamServer, kind: 'tools' | 'prompts', name: string): boolean {
  return server.status().catalog[kind].some((item) => item['name'] === name);
}
