import type { EpochMillis } from '../clock.ts';
import type { FailureCategory, UpstreamFailure } from '../failure.ts';
import type { TraceContext } from '../observer.ts';

/** A message that came from a server. */
export interface Arrival {
  readonly text: string;
  /** When its first byte came. */
  readonly firstByteAt: EpochMillis;
  /** Id (JSON source) of the request on whose own answer stream it came, where the transport can tell. */
  readonly relatedIdText: string | null;
}

/** A request on its way to a server. */
export interface Departure {
  readonly text: string;
  /** The request's id (JSON source). */
  readonly idText: string;
  /** For transports that carry headers: computed for this message alone (R59). */
  readonly traceContext: TraceContext | null;
  /** The same: baggage, and what its era has repeated of the message. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Why a transport will carry nothing any more. */
export interface Closed {
  readonly category: FailureCategory;
  /** One sentence, not yet redacted. */
  readonly message: string;
  /** True when the gateway closed it itself. */
  readonly wasAsked: boolean;
}

export interface TransportEvents {
  message(arrival: Arrival): void;
  /** This request (JSON source of its id) could not be handed over, or its answer will not come. */
  failed(idText: string, failure: UpstreamFailure): void;
  /** False once a request was answered, failed or was given up. */
  isAwaited(idText: string): boolean;
  /** The server answers this request with an event stream, so it may take its time. */
  streaming(idText: string): void;
  /** Output that is no message: a line on stderr, or on stdout where none belongs. */
  noise(line: string, from: 'stderr' | 'stdout', at: EpochMillis): void;
  /** Once, also when `close` was called. */
  closed(reason: Closed): void;
}

/**
 * Carries frames to one server and back, as text. It knows nothing of sessions, ids or eras beyond what its wire needs.
 */
export interface Transport {
  readonly pid: number | null;
  /** `traceContext`: of the span that starts it, for a process that is begun with one. Rejects with an UpstreamFailure. */
  start(events: TransportEvents, traceContext: TraceContext | null): Promise<void>;
  /** Sends a request. It never throws: `failed` tells when it could not. */
  request(departure: Departure): void;
  /** Sends a notification or an answer and resolves when the server has it. Rejects with an UpstreamFailure. */
  post(text: string, traceContext: Departure['traceContext'], headers: Departure['headers']): Promise<void>;
  /** Nobody waits for this request's answer any more; its exchange may end. */
  abandon(idText: string): void;
  /** What the handshake agreed on, for wires that repeat it on every message. */
  agreed(protocolVersion: string): void;
  /** Ends the connection, and the process behind it. Idempotent; `start` under way rejects. */
  close(): Promise<void>;
}
