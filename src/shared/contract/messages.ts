import type { Cursor } from '../domain/feed.ts';
import type { ServerId, TraceId } from '../domain/ids.ts';
import type { ForwardCounts, ForwardEndpoint, ForwardState } from '../domain/forwarding.ts';
import type { RedactionPolicy, RuleView } from '../domain/redaction.ts';
import type { TracingSettings } from '../domain/settings.ts';
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
  /** Where spans of others are taken over OTLP, for example `http://127.0.0.1:4318/v1/traces`. */
  readonly otlpUrl: string;
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

/** A file that was made of traces. */
export interface ExportedFile {
  readonly fileName: string;
  readonly mediaType: string;
  /** The file's bytes in base64. */
  readonly base64: string;
  readonly traces: number;
}

/** What became of a file with traces. */
export interface ImportReport {
  readonly fileName: string;
  /** What the file turned out to be, for example `OTLP JSON Lines` or `Jaeger JSON`. */
  readonly format: string;
  readonly traces: number;
  readonly spans: number;
  readonly payloads: number;
  /** Spans that could not be read. */
  readonly skipped: number;
  /** One sentence for each kind of thing that could not be read. */
  readonly problems: readonly string[];
  /** The newest of its traces; null when there is none. */
  readonly newestTraceId: TraceId | null;
}

export interface SettingsFeed {
  readonly cursor: Cursor;
  readonly settings: TracingSettings;
  /** What the command line decides and this page cannot change, and why: one sentence each. */
  readonly fixed: Readonly<Partial<Record<keyof TracingSettings, string>>>;
  /** Where traces are kept on disk; null while they are in memory only. */
  readonly historyFile: string | null;
  readonly receiver: ReceiverCounts;
}

/** What came over OTLP since this gateway started. */
export interface ReceiverCounts {
  readonly acceptedSpans: number;
  readonly rejectedSpans: number;
  readonly requests: number;
  /** Requests that were refused whole. */
  readonly refusedRequests: number;
  /** `service.name` of those who sent, the latest first; bounded. */
  readonly services: readonly string[];
}

export interface ForwardingFeed {
  readonly cursor: Cursor;
  readonly endpoints: readonly ForwardStatus[];
}

/** An endpoint as a page may see it: of its headers only the names (R25). */
export interface ForwardStatus extends Omit<ForwardEndpoint, 'headers'> {
  readonly name: string;
  readonly headerNames: readonly string[];
  /** `environment`: the standard `OTEL_*` variables say so; a page cannot change it. `saved`: the configuration does. */
  readonly source: 'environment' | 'saved';
  readonly state: ForwardState;
  readonly counts: ForwardCounts;
  /** Why the last attempt failed, redacted; null when it did not. */
  readonly lastError: string | null;
  /** Milliseconds since the epoch; null when nothing was sent yet. */
  readonly lastSentAt: number | null;
}

/** What would leave this machine for an endpoint, shown before anything does. */
export interface ForwardPreview {
  /** The full address. */
  readonly url: string;
  readonly headerNames: readonly string[];
  /** Of the traces that are stored, how many match its filter (counted up to 10,000), and how many there are. */
  readonly matching: number;
  readonly stored: number;
  /**
   * The newest that would leave, as OTLP/JSON exactly as its spans would; null when none of the newest would. Of a trace
   * that takes several requests, the first of them.
   */
  readonly sample: { readonly traceId: TraceId; readonly json: string; readonly spans: number } | null;
}

/** What an endpoint said to a request without spans. */
export interface ForwardTrial {
  readonly isOk: boolean;
  /** One sentence, redacted. */
  readonly sentence: string;
}
