export interface ClientSnippet {
  readonly client: string;
  /** Where the snippet goes. */
  readonly place: string;
  readonly text: string;
}

/** Stands where the token goes: the token itself is never in a page (S27). */
export const TOKEN_PLACEHOLDER = 'YOUR_TOKEN';

/** How each known client is pointed at the gateway. */
export function clientSnippets(mcpUrl: string): readonly ClientSnippet[] {
  const authorization = `Bearer ${TOKEN_PLACEHOLDER}`;
  const http = { type: 'http', url: mcpUrl, headers: { Authorization: authorization } };
  return [
    {
      client: 'Claude Code',
      place: 'Run in a terminal',
      text: `claude mcp add --transport http throughline ${mcpUrl} \\\n  --header "Authorization: ${authorization}"`,
    },
    {
      client: 'Claude Desktop',
      place: 'claude_desktop_config.json (Settings › Developer › Edit Config)',
      text: json({
        mcpServers: {
          throughline: {
            command: 'npx',
            args: ['-y', 'mcp-remote', mcpUrl, '--header', 'Authorization:${THROUGHLINE_AUTH}'],
            env: { THROUGHLINE_AUTH: authorization },
          },
        },
      }),
    },
    {
      client: 'Cursor',
      place: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
      text: json({ mcpServers: { throughline: { url: mcpUrl, headers: { Authorization: authorization } } } }),
    },
    { client: 'VS Code', place: '.vscode/mcp.json', text: json({ servers: { throughline: http } }) },
    {
      client: 'Any HTTP client',
      place: 'MCP over Streamable HTTP',
      text: `URL            ${mcpUrl}\nAuthorization  ${authorization}`,
    },
  ];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Where the reader finds the token that the snippet leaves out. */
export function tokenHint(tokenFile: string | null): string {
  return tokenFile === null
    ? `Replace ${TOKEN_PLACEHOLDER} with the token you started with.`
    : `Replace ${TOKEN_PLACEHOLDER} with the token in the file`;
}
