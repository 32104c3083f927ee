import type { Compression, OtlpProtocol } from '../../shared/domain/forwarding.ts';

/** Where requests go, with everything that has to be known to send them. */
export interface SendTarget {
  /** The endpoint's name, for sentences. */
  readonly name: string;
  readonly protocol: OtlpProtocol;
  /** Of HTTP the full address; of gRPC scheme, host and port. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  /** Of one request, from connecting to the end of the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** PEM text of certificates to trust beside the system's; null for the system's only. */
  readonly certificates: string | null;
}

/** What became of one request. Sentences are for people and not yet redacted: an endpoint's own words may be in them. */
export type SendOutcome =
  /** The endpoint took it; so many of its spans it refused (`partial_success`), and may say why or warn. */
  | { readonly kind: 'taken'; readonly rejectedSpans: number; readonly message: string }
  /** It will never take it. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** It may take it later, not before `waitMs` milliseconds where it said so. */
  | { readonly kind: 'later'; readonly sentence: string; readonly waitMs: number | null };

/** Sends export requests to one endpoint (OTLP 1.x). Keeps one connection and nothing of what was sent. */
export interface OtlpSender {
  /**
   * One attempt. `body` is an ExportTraceServiceRequest: JSON for `http/json`, else protobuf. Never rejects; `signal`
   * cuts it off, as if the endpoint had not answered.
   */
  send(body: Uint8Array, signal?: AbortSignal): Promise<SendOutcome>;
  /** Ends the connection. Idempotent. */
  close(): Promise<void>;
}

/** Largest answer that is read, as the specification asks of clients. */
export const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** For logs of those who receive. */
export const USER_AGENT = 'Throughline';
