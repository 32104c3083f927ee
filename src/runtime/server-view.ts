import { exposedName } from '../gateway/routing/names.ts';
import type { UpstreamServer } from '../gateway/upstream/upstream-server.ts';
import type { Redactor } from '../redaction/port.ts';
import type { ServerConfig, ServerView, ToolInfo } from '../shared/domain/server.ts';

const STDERR_TAIL_LINES = 50;

/** A server as the interface shows it. Nothing of its environment or headers but what redaction lets through. */
export function viewOf(server: UpstreamServer, separator: string, redactor: Redactor): ServerView {
  const { state, failure, pid, introduction, catalog, noise } = server.status();
  const safe = (text: string | null | undefined): string | null =>
    typeof text === 'string' ? redactor.text(text) : null;
  return {
    id: server.id,
    transport: server.config.type,
    address: redactor.text(addressOf(server.config)),
    state,
    failure,
    pid,
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
    prompts: catalog.prompts.length,
    resources: catalog.resources.length,
    stderrTail: noise.slice(-STDERR_TAIL_LINES),
  };
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function addressOf(config: ServerConfig): string {
  if (config.type === 'http') return config.url;
  return [config.command, ...config.args].map((part) => (/[\s"']/.test(part) ? JSON.stringify(part) : part)).join(' ');
}
