import type { AppInfo, ConsentRequest, RedactionFeed, ServerFeed, ServerLog } from '../shared/contract/messages.ts';
import type { Cursor } from '../shared/domain/feed.ts';
import type { ServerId, SpanId, TraceId } from '../shared/domain/ids.ts';
import type { Explanation, PlacedHint, RedactionPolicy, TestedText, TrailStep } from '../shared/domain/redaction.ts';
import type { ServerConfig } from '../shared/domain/server.ts';
import type { VirtualServerConfig } from '../shared/domain/virtual-server.ts';
import type { TraceStore } from '../store/port.ts';

/** The servers behind the gateway, as an operator sees them. Failures a user can mend reject with a UserError. */
export interface ServerDirectory {
  /** Waits at most `waitMs` for a change after `cursor`; null or 0 answers at once. */
  watch(cursor: Cursor | null, waitMs: number, signal?: AbortSignal): Promise<ServerFeed>;
  /** Remembers a proposal and answers with what it would do. Starts nothing (S14). */
  propose(id: ServerId, config: ServerConfig): ConsentRequest;
  /** Saves and starts a proposal the user has agreed to. A proposal can be confirmed once. */
  confirm(proposalId: string): Promise<void>;
  restart(id: ServerId): Promise<void>;
  /** Stops a server until it is restarted. */
  stopServer(id: ServerId): Promise<void>;
  /** What the server printed after line `cursor`; waits at most `waitMs` for more when there is none. */
  log(id: ServerId, cursor: number | null, waitMs: number, signal?: AbortSignal): Promise<ServerLog>;
  remove(id: ServerId): Promise<void>;
}

/** The virtual servers, as an operator sees them. Failures a user can mend reject with a UserError. */
export interface VirtualDirectory {
  save(id: ServerId, config: VirtualServerConfig): Promise<void>;
  remove(id: ServerId): Promise<void>;
}

/** Plays the scripted session through the real gateway. */
export interface DemoPlayer {
  /** Resolves once the session has begun; rejects with a UserError when it cannot. */
  play(): Promise<void>;
}

export type ExportFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto';

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Adds the captured, redacted bodies as attributes. Off unless asked (R22). */
  readonly withPayloads: boolean;
}

/** Traces on their way out of the store: finished spans only, redacted again with the current rules (R26). */
export interface TraceExports {
  /** Null when the trace is not in the store. */
  trace(traceId: TraceId, options: ExportOptions): Promise<Uint8Array | null>;
  /** Every trace in the store, oldest first. */
  all(options: ExportOptions): Promise<Uint8Array>;
}

/** What is hidden and why, and the rules. Failures a user can mend reject with (or throw) a UserError. */
export interface RedactionDesk {
  /** Waits at most `waitMs` for a change after `cursor`; null or 0 answers at once. Counts change it once a second at most. */
  watch(cursor: Cursor | null, waitMs: number, signal?: AbortSignal): Promise<RedactionFeed>;
  /** Keeps the rules and puts them in force; nothing changes when it rejects. */
  save(policy: RedactionPolicy): Promise<void>;
  /** Begins to go through everything stored; `watch` tells how far it has come. Throws when it is under way already. */
  rescrub(): void;
  /** Null: under the rules in force. */
  test(text: string, policy: RedactionPolicy | null): TestedText;
  explain(key: string, value: string): Explanation;
  /** Of one span, or of all of a trace. */
  hints(traceId: TraceId, spanId: SpanId | null): Promise<readonly PlacedHint[]>;
  trail(hash: string): Promise<readonly TrailStep[]>;
  /** Keeps what is hidden from now on in memory, or forgets it. */
  reveal(isOn: boolean): void;
  /** Null when it is not kept. */
  revealed(hash: string): string | null;
}

/** What the doors of a host (REST, page, IPC) are given to work with. */
export interface RuntimeServices {
  readonly store: TraceStore;
  readonly servers: ServerDirectory;
  readonly virtualServers: VirtualDirectory;
  readonly demo: DemoPlayer;
  readonly exports: TraceExports;
  readonly redaction: RedactionDesk;
  /** Fresh for every page: `canManage` depends on it. */
  appInfo(canManage: boolean): AppInfo;
}
