import type { ServerId } from './ids.ts';

/** `dedicated`: one upstream session per client. `shared`: one for all of them. */
export type SessionMode = 'dedicated' | 'shared';

/** What may be said of any server; what is left out is as the gateway's own settings say. */
export interface ServerTraits {
  /** What its names begin with at `/mcp`, in place of its own name. */
  readonly prefix?: string;
  readonly session?: SessionMode;
  /** False: no trace headers and no trace context in `_meta` go to this server; it is traced here all the same (R68). */
  readonly traceContext?: boolean;
  /** Stops the server when it was not used for this long, until the next call; 0 keeps it. In milliseconds. */
  readonly idleStopMs?: number;
}

/** A server the gateway starts itself and speaks to over stdin and stdout. */
export interface StdioServerConfig extends ServerTraits {
  readonly type: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, or null for the gateway's own working directory. */
  readonly cwd: string | null;
}

/** A server that already runs: `http` speaks MCP Streamable HTTP, `sse` the older HTTP+SSE (2024-11-05). */
export interface HttpServerConfig extends ServerTraits {
  readonly type: 'http' | 'sse';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type ServerConfig = StdioServerConfig | HttpServerConfig;

export type ServerTransport = ServerConfig['type'];

/**
 * `restarting`: it ended unasked and is started again after a pause. `idle`: it was stopped because nobody used it, and
 * comes back with the next call. `stopped`: somebody stopped it; it stays so until somebody starts it.
 */
export type ServerState = 'connecting' | 'connected' | 'restarting' | 'idle' | 'failed' | 'stopped';

export interface ToolInfo {
  /** As the server names it. */
  readonly name: string;
  /** As clients of `/mcp` see it. */
  readonly exposedName: string;
  readonly title: string | null;
  readonly description: string | null;
}

/** A prompt or a resource, as its server and as clients of `/mcp` name it (a resource by its URI). */
export interface ItemInfo {
  readonly name: string;
  readonly exposedName: string;
}

/** A line a server printed beside its messages, redacted. */
export interface ServerLogLine {
  /** Counts up from 1 for each server. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly from: 'stderr' | 'stdout';
  readonly text: string;
}

/** A server as the interface shows it: no secret values, only the names of variables and headers. */
export interface ServerView {
  readonly id: ServerId;
  readonly transport: ServerTransport;
  /** The command line or the URL, redacted. */
  readonly address: string;
  readonly state: ServerState;
  /** Why it failed or is being restarted and what to do, in one sentence; null otherwise. */
  readonly failure: string | null;
  /** When the next start is tried, in milliseconds since the epoch; null unless `restarting`. */
  readonly retryAt: number | null;
  readonly pid: number | null;
  readonly session: SessionMode;
  readonly prefix: string;
  readonly serverName: string | null;
  readonly serverVersion: string | null;
  readonly protocolVersion: string | null;
  readonly tools: readonly ToolInfo[];
  readonly prompts: readonly ItemInfo[];
  readonly resources: readonly ItemInfo[];
  /** How many lines it has printed so far; what is kept of them is asked for with `servers.log`. */
  readonly logLines: number;
}
