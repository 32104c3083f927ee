import { exposedName } from '../gateway/routing/names.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { Catalog, UpstreamServer } from '../gateway/upstream/upstream-server.ts';
import type { Redactor } from '../redaction/port.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { VirtualMember, VirtualServerConfig, VirtualServerView } from '../shared/domain/virtual-server.ts';
import type { ServerConfig, ServerView, ToolInfo } from '../shared/domain/server.ts';

/** A server as the interface shows it. Nothing of its environment or headers but what redaction lets through. */
export function viewOf(server: UpstreamServer, separator: string, redactor: Redactor): ServerView {
  const { state, failure, retryAt, pid, introduction, catalog } = server.status();
  const safe = (text: string | null | undefined): string | null =>
    typeof text === 'string' ? redactor.text(text) : null;
  return {
    id: server.id,
    transport: server.config.type,
    address: redactor.text(addressOf(server.config)),
    state,
    failure,
    retryAt,
    pid,
    session: server.settings.sessions,
    prefix: server.prefix,
    serverName: safe(introduction?.serverName),
    serverVersion: safe(introduction?.serverVersion),
    protocolVersion: introduction?.protocolVersion ?? null,
    tools: catalog.tools.flatMap((tool): ToolInfo[] => {
      const { name, title, description } = tool;
      if (typeof name !== 'string') return [];
      const exposed = exposedName(server, name, separator);
      return [
        {
          name: redactor.text(name),
          exposedName: redactor.text(exposed),
          title: safe(asText(title)),
          description: safe(asText(description)),
        },
      ];
    }),
    prompts: catalog.prompts.flatMap(({ name }) => {
      if (typeof name !== 'string') return [];
      return [{ name: redactor.text(name), exposedName: redactor.text(exposedName(server, name, separator)) }];
    }),
    resources: catalog.resources.flatMap(({ uri }) =>
      typeof uri === 'string' ? [{ name: redactor.text(uri), exposedName: redactor.text(uri) }] : [],
    ),
    logLines: server.log.newest,
  };
}

/** A virtual server as the interface shows it, with how many items its clients see right now. */
export function virtualViewOf(id: ServerId, config: VirtualServerConfig, servers: ServerRegistry): VirtualServerView {
  const count = (kind: keyof VirtualMember & keyof Catalog, key: 'name' | 'uri'): number =>
    [...config.members].reduce((sum, [serverId, member]) => {
      const items = servers.get(serverId)?.status().catalog[kind] ?? [];
      const chosen = member[kind];
      return sum + items.filter((item) => chosen === 'all' || chosen.includes(String(item[key]))).length;
    }, 0);
  return {
    id,
    description: config.description,
    members: [...config.members].map(([serverId, member]) => ({ serverId, ...member })),
    tools: count('tools', 'name'),
    prompts: count('prompts', 'name'),
    resources: count('resources', 'uri'),
  };
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function addressOf(config: ServerConfig): string {
  if (config.type !== 'stdio') return config.url;
  return [config.command, ...config.args].map((part) => (/[\s"']/.test(part) ? JSON.stringify(part) : part)).join(' ');
}
