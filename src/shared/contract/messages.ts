import type { Cursor } from '../domain/feed.ts';
import type { ServerId } from '../domain/ids.ts';
import type { RedactionPolicy, RuleView } from '../domain/redaction.ts';
import type { ServerLogLine, ServerView } from '../domain/server.ts';
import type { VirtualServerView } from '../domain/virtual-server.ts';

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
  /** Where secrets typed into the interface are kept. */
  readonly secretStorage: SecretStorage;
}

/**
 * `keychain`: encrypted with a key that the system keeps. `file`: in a user-only file, not encrypted. `run`: in memory,
 * until this gateway ends.
 */
export interface SecretStorage {
  readonly kind: 'keychain' | 'file' | 'run';
  /** The file's path; null for `run`. */
  readonly file: string | null;
}

export interface ServerFeed {
  readonly cursor: Cursor;
  readonly servers: readonly ServerView[];
  readonly virtualServers: readonly VirtualServerView[];
}

/** Lines that a server printed, oldest first. */
export interface ServerLog {
  /** Number of the newest line there is; ask with it to wait for more. */
  readonly cursor: number;
  /** Lines after the asked-for cursor that are no longer kept. */
  readonly dropped: number;
  readonly lines: readonly ServerLogLine[];
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
        readonly type: 'http' | 'sse';
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

/** A rule with what it has done since this gateway started. */
export interface CountedRule extends RuleView {
  readonly hits: number;
}

export interface RedactionFeed {
  readonly cursor: Cursor;
  readonly policy: RedactionPolicy;
  readonly rules: readonly CountedRule[];
  readonly rescrub: RescrubState;
  /** Since when secrets are kept in memory so that they can be shown, in milliseconds since the epoch; null: they are not. */
  readonly revealingSince: number | null;
}

/** Going through what is stored with the rules as they are now. */
export interface RescrubState {
  readonly isRunning: boolean;
  /** Traces that have been gone through, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** Values that were hidden in them; null before the first time. */
  readonly newlyHidden: number | null;
  /** The rules have become stricter since everything stored was last gone through. */
  readonly isAdvised: boolean;
}
