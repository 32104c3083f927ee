import { isObject, type JsonObject } from '../frame/frame.ts';
import type { UpstreamServer } from '../upstream/upstream-server.ts';

/** The name under which `/mcp` offers a server's tool or prompt. */
export function exposedName(server: UpstreamServer, name: string, separator: string): string {
  return `${server.prefix}${separator}${name}`;
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
