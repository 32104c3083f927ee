import type { ServerId } from '../../shared/domain/ids.ts';
import type { VirtualServers } from '../routing/virtual-servers.ts';
import type { Scope } from '../session/client-session.ts';

/** What an address speaks: Streamable HTTP, JSON-RPC without sessions, or one half of the older HTTP+SSE. */
export type DoorKind = 'streamable' | 'rpc' | 'sse' | 'message';

/** A path that is an MCP endpoint. */
export interface McpRoute {
  readonly door: DoorKind;
  readonly scope: Scope;
  /** Template without the id: safe for span names (R5). */
  readonly template: string;
}

const MOUNT_PREFIX = '/v1';
const DOORS: ReadonlyMap<string, DoorKind> = new Map([
  ['/mcp', 'streamable'],
  ['/servers/{id}/mcp', 'streamable'],
  ['/rpc', 'rpc'],
  ['/sse', 'sse'],
  ['/mcp/sse', 'sse'],
  ['/servers/{id}/sse', 'sse'],
  ['/message', 'message'],
  ['/mcp/message', 'message'],
  ['/servers/{id}/message', 'message'],
]);
const ONE_SERVER = /^\/servers\/([^/]+)(\/.+)$/;

/**
 * The endpoint at a path, with or without a trailing slash or the mount prefix; null when it is none. The server need
 * not exist.
 */
export function mcpRouteOf(pathname: string, virtualServers: Pick<VirtualServers, 'get'>): McpRoute | null {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  const mount = path.startsWith(`${MOUNT_PREFIX}/`) ? MOUNT_PREFIX : '';
  const inner = path.slice(mount.length);
  const [, encoded, rest = ''] = ONE_SERVER.exec(inner) ?? [];
  const template = encoded === undefined ? inner : `/servers/{id}${rest}`;
  const door = DOORS.get(template);
  if (door === undefined) return null;
  if (encoded === undefined) return { door, scope: { kind: 'all' }, template: mount + template };
  const id = decoded(encoded);
  return id === null ? null : { door, scope: scopeOf(id as ServerId, virtualServers), template: mount + template };
}

function scopeOf(id: ServerId, virtualServers: Pick<VirtualServers, 'get'>): Scope {
  return virtualServers.get(id) === undefined ? { kind: 'server', serverId: id } : { kind: 'virtual', id };
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A percent sign that encodes nothing names no server.
    return null;
  }
}
