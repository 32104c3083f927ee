import type { EpochMillis } from '../clock.ts';
import type { FailureCategory } from '../failure.ts';
import type { TraceContext } from '../observer.ts';

/** A message that came from a server. */
export interface Arrival {
  readonly text: string;
  /** When its first byte came. */
  readonly firstByteAt: EpochMillis;
  /** Id (JSON source) of the request on whose own answer stream it came, where the transport can tell. */
  readonly relatedIdText: string | null;
}

export interface Departure {
  readonly text: string;
  /** The request's id (JSON source); null for notifications and answers. */
  readonly idText: string | null;
  /** For transports that carry headers: computed for this message alone (R59). */
  readonly traceContext: TraceContext | null;
  /** Ends the exchange of this message early. */
  readonly signal?: AbortSignal | undefined;
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
  /** The answer stream of this request (JSON source of its id) ended; an answer that has not come will not come. */
  answerEnded(idText: string): void;
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
  /** Rejects with an UpstreamFailure. */
  start(events: TransportEvents): Promise<void>;
  /** Rejects with an UpstreamFailure when the message cannot be handed over. */
  send(departure: Departure): Promise<void>;
  /** What the handshake agreed on, for wires that repeat it on every message. */
  agreed(protocolVersion: string): void;
  /** Ends the connection, and the process behind it. Idempotent. */
  close(): Promise<void>;
}
