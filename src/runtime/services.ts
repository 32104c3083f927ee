import type {
  AppInfo,
  ConsentRequest,
  ForwardingFeed,
  ForwardPreview,
  ForwardTrial,
  ImportReport,
  RedactionFeed,
  ServerFeed,
  ServerLog,
  SettingsFeed,
} from '../shared/contract/messages.ts';
import type { Cursor } from '../shared/domain/feed.ts';
import type { ServerId, SpanId, TraceId } from '../shared/domain/ids.ts';
import type { ForwardEndpoint } from '../shared/domain/forwarding.ts';
import type { Explanation, PlacedHint, RedactionPolicy, TestedText, TrailStep } from '../shared/domain/redaction.ts';
import type { TracingSettings } from '../shared/domain/settings.ts';
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

/**
 * `session` is a file that can be opened again with everything in it: OTLP JSON Lines, with bodies and findings as
 * attributes.
 */
export type ExportFormat = 'otlp-json' | 'otlp-jsonl' | 'otlp-proto' | 'session';

/** These traces, or all that match a filter. */
export type TraceSelection = { readonly traceIds: readonly TraceId[] } | { readonly query: string };

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Adds the captured, redacted bodies as attributes. Off unless asked (R22). */
  readonly withPayloads: boolean;
}

/** Traces on their way out of the store: finished spans only, redacted again with the current rules (R26). */
export interface TraceExports {
  /** Null when the trace is not in the store. */
  trace(traceId: TraceId, options: ExportOptions): Promise<Uint8Array | null>;
  /** What is selected and in the store, oldest first. Rejects with a UserError when a filter cannot be understood. */
  selected(selection: TraceSelection, options: ExportOptions): Promise<ExportedTraces>;
}

export interface ExportedTraces {
  readonly bytes: Uint8Array;
  readonly traces: number;
}

/** Files with traces on their way into the store, through redaction. */
export interface TraceImports {
  /** Rejects with a UserError when nothing of it can be read. */
  file(fileName: string, bytes: Uint8Array): Promise<ImportReport>;
}

/** What is set about tracing. Failures a user can mend reject with a UserError. */
export interface SettingsDesk {
  /** In force now. */
  current(): TracingSettings;
  /** Waits at most `waitMs` for a change after `cursor`; null or 0 answers at once. */
  watch(cursor: Cursor | null, waitMs: number, signal?: AbortSignal): Promise<SettingsFeed>;
  /** Puts in force and keeps; nothing changes when it rejects. */
  save(settings: TracingSettings): Promise<void>;
}

/** An endpoint as a page edits it: a null stands for the header's value that is saved. */
export interface EditedEndpoint extends Omit<ForwardEndpoint, 'headers'> {
  readonly headers: Readonly<Record<string, string | null>>;
}

/** Where traces are sent by themselves. Failures a user can mend reject with a UserError. */
export interface ForwardingDesk {
  /** Waits at most `waitMs` for a change after `cursor`; null or 0 answers at once. Counts change it once a second at most. */
  watch(cursor: Cursor | null, waitMs: number, signal?: AbortSignal): Promise<ForwardingFeed>;
  save(name: string, formerName: string | null, endpoint: EditedEndpoint): Promise<void>;
  remove(name: string): Promise<void>;
  preview(name: string | null, endpoint: EditedEndpoint): Promise<ForwardPreview>;
  try(name: string | null, endpoint: EditedEndpoint): Promise<ForwardTrial>;
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
  readonly imports: TraceImports;
  readonly settings: SettingsDesk;
  readonly forwarding: ForwardingDesk;
  readonly redaction: RedactionDesk;
  /** Fresh for every page: `canManage` depends on it. */
  appInfo(canManage: boolean): AppInfo;
}
