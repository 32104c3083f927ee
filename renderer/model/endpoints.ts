import type { ServerId } from '../../src/shared/domain/ids.ts';

/** One way in: everything, one server, or a virtual server. */
export interface Endpoint {
  /** Null for all servers. */
  readonly id: ServerId | null;
  readonly label: string;
  readonly kind: 'all' | 'server' | 'virtual';
  /** MCP over Streamable HTTP. */
  readonly mcpUrl: string;
  /** The older HTTP+SSE. */
  readonly sseUrl: string;
}

export function serverUrl(origin: string, id: ServerId): string {
  return `${origin}${serverPath(id)}`;
}

/** As it is shown beside a server: the origin is the same for all. */
export function serverPath(id: ServerId): string {
  return `/servers/${encodeURIComponent(id)}/mcp`;
}

/** Every way in, the one for everything first. */
export function endpointsOf(
  app: { readonly origin: string; readonly mcpUrl: string },
  servers: readonly { readonly id: ServerId }[],
  virtualServers: readonly { readonly id: ServerId }[],
): readonly Endpoint[] {
  const one =
    (kind: 'server' | 'virtual') =>
    (each: { readonly id: ServerId }): Endpoint => ({
      id: each.id,
      label: each.id,
      kind,
      mcpUrl: serverUrl(app.origin, each.id),
      sseUrl: `${app.origin}/servers/${encodeURIComponent(each.id)}/sse`,
    });
  const all: Endpoint = {
    id: null,
    label: 'All servers',
    kind: 'all',
    mcpUrl: app.mcpUrl,
    sseUrl: `${app.origin}/sse`,
  };
  return [all, ...virtualServers.map(one('virtual')), ...servers.map(one('server'))];
}
