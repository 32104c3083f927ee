import type { CapturePolicy } from './settings.ts';

/** How spans travel to an endpoint (OTLP 1.x). */
export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
export type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

export const COMPRESSIONS = ['gzip', 'none'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/**
 * `caller`: traces whose caller said that they are not sampled stay here (W3C trace flags, bit 0). `all`: everything
 * leaves.
 */
export const FORWARD_SAMPLINGS = ['caller', 'all'] as const;
export type ForwardSampling = (typeof FORWARD_SAMPLINGS)[number];

/** Where finished traces are sent by themselves, and which of them. */
export interface ForwardEndpoint {
  /**
   * Of HTTP, a base (`/v1/traces` is put behind it) or an address that ends in `/v1/traces` already; of gRPC, scheme,
   * host and port.
   */
  readonly url: string;
  readonly protocol: OtlpProtocol;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: Compression;
  /** Of one request, from connecting to the end of its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Path of a file with certificates (PEM) to trust beside the system's; null for the system's only. */
  readonly certificateFile: string | null;
  /** In the language of the trace list's filter; empty sends every trace. */
  readonly filter: string;
  /** Bodies leave only where this says so. */
  readonly payloads: CapturePolicy;
  readonly sampling: ForwardSampling;
  readonly isEnabled: boolean;
}

export const ENDPOINT_DEFAULTS: Omit<ForwardEndpoint, 'url'> = {
  protocol: 'http/protobuf',
  headers: {},
  compression: 'gzip',
  timeoutMs: 10_000,
  certificateFile: null,
  filter: '',
  payloads: { requests: 'none', responses: 'none' },
  sampling: 'caller',
  isEnabled: true,
};

/** `off`: switched off. `idle`: nothing waits. `sending`. `failing`: the last attempt failed and it will be tried again. */
export type ForwardState = 'off' | 'idle' | 'sending' | 'failing';

/** What has become of what was to be sent, since this gateway started (R84). */
export interface ForwardCounts {
  readonly sentTraces: number;
  readonly sentSpans: number;
  readonly queuedTraces: number;
  /** Let go of because the queue was full, the trace was gone from the store, or the endpoint refused it for good. */
  readonly droppedTraces: number;
  /** Spans that the endpoint took a request for and refused (`partial_success`). */
  readonly rejectedSpans: number;
}
