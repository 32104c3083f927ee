import { fileURLToPath } from 'node:url';
import type { StdioEntry } from './fixture-servers.ts';

/** A program of an installed package, run with this Node: no download, and no shell in between. */
function packageStdio(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): StdioEntry {
  const path = fileURLToPath(new URL(`../../node_modules/${script}`, import.meta.url));
  return { command: process.execPath, args: [path, ...args], ...(env === undefined ? {} : { env }) };
}

export function memoryStdio(memoryFile: string): StdioEntry {
  return packageStdio('@modelcontextprotocol/server-memory/dist/index.js', [], { MEMORY_FILE_PATH: memoryFile });
}

export function sequentialThinkingStdio(): StdioEntry {
  return packageStdio('@modelcontextprotocol/server-sequential-thinking/dist/index.js', []);
}

/** A server of 2024 that knows no protocol newer than 2024-11-05. Its token is good for nothing. */
export function githubStdio(): StdioEntry {
  const env = { GITHUB_PERSONAL_ACCESS_TOKEN: 'not-a-token' };
  return packageStdio('@modelcontextprotocol/server-github/dist/index.js', [], env);
}

/** mcp-remote between a stdio client and an endpoint of the gateway. */
export function mcpRemote(url: string, token: string): StdioEntry {
  const args = [url, '--allow-http', '--transport', 'http-only', '--header', `Authorization: Bearer ${token}`];
  return packageStdio('mcp-remote/dist/proxy.js', args);
}

/** A server of MCP 2026-07-28. It asks `serviceUrl` where others ask the maker's service. */
export function context7Stdio(serviceUrl: string): StdioEntry {
  return packageStdio('@upstash/context7-mcp/dist/index.js', [], { CONTEXT7_API_URL: serviceUrl });
}
