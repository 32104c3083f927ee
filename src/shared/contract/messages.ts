import type { Cursor } from '../domain/feed.ts';
import type { ServerId } from '../domain/ids.ts';
import type { ServerView } from '../domain/server.ts';

/** What the interface knows of its host. Never a token (S11, S27). */
export interface AppInfo {
  readonly version: string;
  readonly host: 'desktop' | 'headless';
  /** False: this page may look but not add, change or start a server (S5). */
  readonly canManage: boolean;
  /** Origin of the gateway, for example `http://127.0.0.1:4318`. */
  readonly origin: string;
  /** Address of the aggregated MCP endpoint. */
  readonly mcpUrl: string;
  /** Path of the user-only file that holds the token, or null when the token was given on the command line. */
  readonly tokenFile: string | null;
}

export interface ServerFeed {
  readonly cursor: Cursor;
  readonly servers: readonly ServerView[];
}

/** Exactly what would be started or called, untruncated, for the consent dialog (SEP-1024). */
export interface ConsentRequest {
  readonly proposalId: string;
  readonly id: ServerId;
  /** True when a server of this name exists and would be replaced. */
  readonly replaces: boolean;
  readonly target:
    | {
        readonly type: 'stdio';
        readonly command: string;
        readonly args: readonly string[];
        /** Names only. */
        readonly envNames: readonly string[];
        readonly cwd: string | null;
      }
    | {
        readonly type: 'http';
        readonly url: string;
        /** Names only. */
        readonly headerNames: readonly string[];
      };
}

export interface ExportedTrace {
  readonly fileName: string;
  readonly mediaType: string;
  readonly text: string;
}
