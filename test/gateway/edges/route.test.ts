import { describe, expect, it } from 'vitest';
import { mcpRouteOf } from '../../../src/gateway/edges/route.ts';
import { createVirtualServers } from '../../../src/gateway/routing/virtual-servers.ts';
import type { ServerId } from '../../../src/shared/domain/ids.ts';

describe('the route of an address', () => {
  const virtualServers = createVirtualServers();
  virtualServers.set('team tools' as ServerId, { tools: [], prompts: [], resources: [] } as never);

  it('is that of a virtual server where there is one of the name, else that of a server', () => {
    expect(mcpRouteOf('/servers/team%20tools/mcp', virtualServers)).toEqual({
      door: 'streamable',
      scope: { kind: 'virtual', id: 'team tools' },
      template: '/servers/{id}/mcp',
    });
    expect(mcpRouteOf('/v1/servers/team/sse/', virtualServers)).toEqual({
      door: 'sse',
      scope: { kind: 'server', serverId: 'team' },
      template: '/v1/servers/{id}/sse',
    });
  });

  it.each(['/', '/v1', '/v1/', '/v1/traces', '/v1/v1/mcp', '/mcp//', '/servers//mcp', '/servers/a/b/mcp', '/%6dcp'])(
    'is none for %s',
    (path) => {
      expect(mcpRouteOf(path, virtualServers)).toBeNull();
    },
  );
});
