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
const DOORS_TO_ALL: ReadonlyMap<string, DoorKind> = new Map([
  ['/mcp', 'streamable'],
  ['/rpc', 'rpc'],
  ['/sse', 'sse'],
  ['/message', 'message'],
  ['/mcp/sse', 'sse'],
  ['/mcp/message', 'message'],
]);
const DOORS_TO_ONE: Readonly<Record<string, DoorKind>> = { mcp: 'streamable', sse: 'sse', message: 'message' };
const ONE_SERVER = /^\/servers\/([^/]+)\/(mcp|sse|message)$/;

/**
 * The endpoint at a path, with or without a trailing slash or the mount prefix; null when it is none. The server need
 * not exist.
 */
export function mcpRouteOf(pathname: string, virtualServers: Pick<VirtualServers, 'get'>): McpRoute | null {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  const mount = path.startsWith(`${MOUNT_PREFIX}/`) ? MOUNT_PREFIX : '';
  const inner = path.slice(mount.length);
  const toAll = DOORS_TO_ALL.get(inner);
  if (toAll !== undefined) return { door: toAll, scope: { kind: 'all' }, template: path };
  const [, encoded, last = ''] = ONE_SERVER.exec(inner) ?? [];
  const door = DOORS_TO_ONE[last];
  const id = encoded === undefined ? null : decoded(encoded);
  if (id === null || door === undefined) return null;
  return { door, scope: scopeOf(id as ServerId, virtualServers), template: `${mount}/servers/{id}/${last}` };
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
