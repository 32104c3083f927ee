import type { JsonObject } from '../gateway/frame/frame.ts';
import { exposedName } from '../gateway/routing/names.ts';
import type { ServerRegistry } from '../gateway/upstream/server-registry.ts';
import type { UpstreamServer } from '../gateway/upstream/upstream-server.ts';
import type { Redactor } from '../redaction/port.ts';
import type { ServerId } from '../shared/domain/ids.ts';
import type { ServerConfig, ServerView, ToolInfo } from '../shared/domain/server.ts';
import type {
  Selection,
  VirtualMember,
  VirtualServerConfig,
  VirtualServerView,
} from '../shared/domain/virtual-server.ts';

export interface ServerViewSources {
  readonly servers: ServerRegistry;
  readonly redactor: Redactor;
  /** Between a server's prefix and its own names at `/mcp`. */
  readonly separator: string;
  /** The URI under which `/mcp` offers a server's resource. */
  readonly exposedUri: (server: UpstreamServer, uri: string) => string;
}

/** A server as the interface shows it. Nothing of its environment or headers but what redaction lets through. */
export function viewOf(server: UpstreamServer, { redactor, separator, exposedUri }: ServerViewSources): ServerView {
  const { state, failure, retryAt, pid, introduction, catalog } = server.status();
  const safe = (text: string | null | undefined): string | null =>
    typeof text === 'string' ? redactor.text(text) : null;
  return {
    id: server.id,
    transport: server.config.type,
    address: redactor.text(addressOf(server.config)),
    state,
    failure: safe(failure),
    retryAt,
    pid,
    session: server.settings.sessions,
    prefix: server.prefix,
    serverName: safe(introduction?.serverName),
    serverVersion: safe(introduction?.serverVersion),
    protocolVersion: safe(introduction?.protocolVersion),
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
      typeof uri === 'string'
        ? [{ name: redactor.text(uri), exposedName: redactor.text(exposedUri(server, uri)) }]
        : [],
    ),
    logLines: server.log.newest,
  };
}

/** A virtual server as the interface shows it, with how many items its clients see right now. */
export function virtualViewOf(
  id: ServerId,
  { description, members }: VirtualServerConfig,
  { servers, redactor }: Pick<ServerViewSources, 'servers' | 'redactor'>,
): VirtualServerView {
  const count = (kind: ItemKind): number =>
    [...members].reduce((sum, [serverId, member]) => {
      const items = servers.get(serverId)?.status().catalog[kind] ?? [];
      return sum + countChosen(items, kind === 'resources' ? 'uri' : 'name', member[kind]);
    }, 0);
  const safe = (selection: Selection): Selection =>
    selection === 'all' ? 'all' : selection.map((name) => redactor.text(name));
  return {
    id,
    description: description === null ? null : redactor.text(description),
    members: [...members].map(([serverId, { tools, prompts, resources }]) => ({
      serverId,
      tools: safe(tools),
      prompts: safe(prompts),
      resources: safe(resources),
    })),
    tools: count('tools'),
    prompts: count('prompts'),
    resources: count('resources'),
  };
}

type ItemKind = keyof VirtualMember;

function countChosen(items: readonly JsonObject[], key: 'name' | 'uri', selection: Selection): number {
  if (selection === 'all') return items.length;
  const chosen = new Set(selection);
  return items.filter(({ [key]: name }) => typeof name === 'string' && chosen.has(name)).length;
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function addressOf(config: ServerConfig): string {
  if (config.type !== 'stdio') return config.url;
  return [config.command, ...config.args].map((part) => (/[\s"']/.test(part) ? JSON.stringify(part) : part)).join(' ');
}
