import type { Endpoint } from './endpoints.ts';

export interface ClientSnippet {
  readonly client: string;
  /** Where the snippet goes. */
  readonly place: string;
  readonly text: string;
  /** What the reader has to fill in: the token, the place where Throughline lies, or nothing. */
  readonly blank: 'token' | 'path' | null;
}

/** Stands where the token goes: the token itself is never in a page (S27). */
export const TOKEN_PLACEHOLDER = 'YOUR_TOKEN';
/** Stands where the program's own place on the disk goes, which the page does not know. */
export const PATH_PLACEHOLDER = '/PATH/TO/throughline';

const AUTHORIZATION = `Bearer ${TOKEN_PLACEHOLDER}`;

/** How each known client is pointed at one endpoint of the gateway. */
export function clientSnippets(endpoint: Endpoint, origin: string): readonly ClientSnippet[] {
  const name = nameOf(endpoint);
  const { mcpUrl } = endpoint;
  const headers = { Authorization: AUTHORIZATION };
  return [
    {
      client: 'Claude Code',
      place: 'Run in a terminal',
      text: `claude mcp add --transport http ${name} ${mcpUrl} \\\n  --header "Authorization: ${AUTHORIZATION}"`,
      blank: 'token',
    },
    {
      client: 'Claude Desktop',
      place: 'claude_desktop_config.json (Settings › Developer › Edit Config)',
      text: json({ mcpServers: { [name]: bridge(endpoint) } }),
      blank: 'path',
    },
    {
      client: 'Cursor',
      place: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
      text: json({ mcpServers: { [name]: { url: mcpUrl, headers } } }),
      blank: 'token',
    },
    {
      client: 'VS Code',
      place: '.vscode/mcp.json',
      text: json({ servers: { [name]: { type: 'http', url: mcpUrl, headers } } }),
      blank: 'token',
    },
    {
      client: 'stdio',
      place: 'Any client that starts a program: the bridge finds the running gateway and its token',
      text: json(bridge(endpoint)),
      blank: 'path',
    },
    {
      client: 'HTTP',
      place: 'MCP over Streamable HTTP',
      text: `URL            ${mcpUrl}\nAuthorization  ${AUTHORIZATION}`,
      blank: 'token',
    },
    {
      client: 'SSE (older)',
      place: 'For clients that speak only HTTP+SSE of 2024-11-05',
      text: `URL            ${endpoint.sseUrl}\nAuthorization  ${AUTHORIZATION}`,
      blank: 'token',
    },
    ...(endpoint.kind === 'all' ? [curl(origin)] : []),
  ];
}

function bridge({ id }: Endpoint): object {
  const args = [`${PATH_PLACEHOLDER}/bin/throughline.mjs`, 'bridge', ...(id === null ? [] : ['--server', id])];
  return { command: 'node', args };
}

/** One message, one answer, no session: for scripts. */
function curl(origin: string): ClientSnippet {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const lines = [
    `curl -s ${origin}/rpc`,
    `-H "Authorization: ${AUTHORIZATION}"`,
    `-H "Content-Type: application/json"`,
    `-d '${body}'`,
  ];
  return {
    client: 'curl',
    place: 'Plain JSON-RPC, one message at a time',
    text: lines.join(' \\\n  '),
    blank: 'token',
  };
}

/** A name for the client's own list of servers. */
function nameOf({ id }: Endpoint): string {
  return id === null ? 'throughline' : `throughline-${id.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Where the reader finds what the snippet leaves out. */
export function blankHint(blank: ClientSnippet['blank'], tokenFile: string | null): string {
  if (blank === null) return '';
  if (blank === 'path') return `Replace ${PATH_PLACEHOLDER} with the folder Throughline is in. No token is needed.`;
  return tokenFile === null
    ? `Replace ${TOKEN_PLACEHOLDER} with the token you started with.`
    : `Replace ${TOKEN_PLACEHOLDER} with the token in the file`;
}
