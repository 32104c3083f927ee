import type { ServerId, SpanId, TraceId, UnixNano } from './ids.ts';
import type { PayloadDirection, RedactedSpan } from './redacted.ts';

/**
 * `pending` while any span is open; then `blocked` when a plugin stopped the call, `cancelled` when its caller went
 * away or was asked something and never came back, `error` when anything in it failed (a JSON-RPC error or `isError`
 * result included), else `ok`. Of an operation that took several attempts the last one counts.
 */
export type TraceStatus = 'ok' | 'error' | 'blocked' | 'cancelled' | 'pending';

/** One line of the trace list. */
export interface TraceSummary {
  readonly traceId: TraceId;
  /** Name of the root span, or of the earliest span while no root has arrived. */
  readonly name: string;
  /** JSON-RPC method of the operation, for example `tools/call`. */
  readonly method: string | null;
  /** Tool or prompt name, or resource URI. */
  readonly target: string | null;
  readonly serverIds: readonly ServerId[];
  /** `clientInfo.name` of the caller. */
  readonly client: string | null;
  /** The revision of MCP that is spoken with the caller; null where it has not said one, as at `/rpc`. */
  readonly clientProtocol: string | null;
  /** Those that were spoken with servers, oldest first. */
  readonly serverProtocols: readonly string[];
  /** `service.name` of every process that contributed spans. */
  readonly services: readonly string[];
  readonly startTime: UnixNano;
  /** Null while a span is open. */
  readonly endTime: UnixNano | null;
  readonly status: TraceStatus;
  /** What a server has asked the client for and waits for, for example `elicitation/create`; empty while for nothing. */
  readonly waitsFor: readonly string[];
  /** For how many milliseconds clients were waited for, without what is still waited for. */
  readonly waitedMs: number;
  /** Name of the plugin that stopped the call. */
  readonly blockedBy: string | null;
  /** One sentence of the first failure, redacted. */
  readonly errorMessage: string | null;
  readonly spanCount: number;
  readonly openSpanCount: number;
  readonly errorCount: number;
  readonly redactionCount: number;
  /** Bytes of captured request and response bodies as they travelled. */
  readonly payloadBytes: number;
  /** True when the root's parent was in another process and has not been received (R66). */
  readonly remoteParentMissing: boolean;
  /** What the gateway did of its own accord (`connect`, `refresh`, `restart`, `health`, `stream`); null for calls. */
  readonly upkeep: string | null;
  /** Rises with every change of this trace; unique across traces. Starts at 1. */
  readonly revision: number;
}

/** That a payload exists; its text is fetched on demand. */
export interface PayloadInfo {
  readonly spanId: SpanId;
  readonly direction: PayloadDirection;
  readonly mediaType: string;
  readonly originalBytes: number;
  readonly truncated: boolean;
  readonly findingCount: number;
}

/** A whole trace but for its payload texts. Spans come by start time, parents before children where both started together. */
export interface TraceDetail {
  readonly summary: TraceSummary;
  readonly spans: readonly RedactedSpan[];
  readonly payloads: readonly PayloadInfo[];
}

/** What the store holds and what it had to let go of; always shown (never silently lossy). */
export interface StoreStats {
  readonly traces: number;
  readonly spans: number;
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Whole traces that made room for newer ones. */
  readonly evictedTraces: number;
  /** Spans lost because a queue before the store was full. */
  readonly droppedSpans: number;
  /** Payload bodies lost because a queue before the store was full. */
  readonly droppedPayloads: number;
}
