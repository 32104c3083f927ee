import type { AppInfo, ConsentRequest, ServerFeed, ServerLog } from '../shared/contract/messages.ts';
import type { Cursor } from '../shared/domain/feed.ts';
import type { ServerId, TraceId } from '../shared/domain/ids.ts';
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

/** What the doors of a host (REST, page, IPC) are given to work with. */
export interface RuntimeServices {
  readonly store: TraceStore;
  readonly servers: ServerDirectory;
  readonly virtualServers: VirtualDirectory;
  readonly demo: DemoPlayer;
  readonly exports: TraceExports;
  /** Fresh for every page: `canManage` depends on it. */
  appInfo(canManage: boolean): AppInfo;
}
