import type { ServerId } from './ids.ts';

/** A server the gateway starts itself and speaks to over stdin and stdout. */
export interface StdioServerConfig {
  readonly type: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, or null for the gateway's own working directory. */
  readonly cwd: string | null;
}

/** A server that already runs and speaks MCP Streamable HTTP. */
export interface HttpServerConfig {
  readonly type: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type ServerConfig = StdioServerConfig | HttpServerConfig;

export type ServerState = 'connecting' | 'connected' | 'failed' | 'stopped';

export interface ToolInfo {
  /** As the server names it. */
  readonly name: string;
  /** As clients of `/mcp` see it. */
  readonly exposedName: string;
  readonly title: string | null;
  readonly description: string | null;
}

/** A server as the interface shows it: no secret values, only the names of variables and headers. */
export interface ServerView {
  readonly id: ServerId;
  readonly transport: 'stdio' | 'http';
  /** The command line or the URL, redacted. */
  readonly address: string;
  readonly state: ServerState;
  /** Why it failed and what to do, in one sentence; null unless `failed`. */
  readonly failure: string | null;
  readonly pid: number | null;
  readonly serverName: string | null;
  readonly serverVersion: string | null;
  readonly protocolVersion: string | null;
  readonly tools: readonly ToolInfo[];
  readonly prompts: number;
  readonly resources: number;
  /** The newest lines of its stderr, redacted, oldest first. */
  readonly stderrTail: readonly string[];
}
