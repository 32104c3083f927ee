import type { ServerId } from '../../shared/domain/ids.ts';
import type { Scope } from '../session/client-session.ts';

/** A path that is an MCP endpoint. */
export interface McpRoute {
  readonly scope: Scope;
  /** Template without the id: safe for span names (R5). */
  readonly template: string;
}

const ONE_SERVER = /^\/servers\/([^/]+)\/mcp$/;

/** The endpoint at a path, with or without a trailing slash; null when it is none. The server need not exist. */
export function mcpRouteOf(pathname: string): McpRoute | null {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  if (path === '/mcp') return { scope: { kind: 'all' }, template: '/mcp' };
  const encoded = ONE_SERVER.exec(path)?.[1];
  const id = encoded === undefined ? null : decoded(encoded);
  if (id === null) return null;
  return { scope: { kind: 'server', serverId: id as ServerId }, template: '/servers/{id}/mcp' };
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A percent sign that encodes nothing names no server.
    return null;
  }
}
