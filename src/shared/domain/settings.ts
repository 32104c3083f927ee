/** Which spans' bodies: those of all spans, of none, or of spans with these names (as `seed` has them). */
export type CapturedSpans = 'all' | 'none' | readonly string[];

/** Whose captured bodies are kept, or leave with an export (R22). */
export interface CapturePolicy {
  readonly requests: CapturedSpans;
  readonly responses: CapturedSpans;
}

/**
 * `seed`: `tool.invoke`, `mcp.client.call` and so on. `semconv`: the names and kinds that the OpenTelemetry conventions
 * for MCP give (`tools/call NAME`, SERVER and CLIENT).
 */
export const SPAN_NAMINGS = ['seed', 'semconv'] as const;
export type SpanNaming = (typeof SPAN_NAMINGS)[number];

/** How much is kept; what is over goes, the oldest whole trace first (R89). */
export interface Retention {
  /** Days since a trace began; 0 keeps it however old. */
  readonly days: number;
  /** Most traces; 0 for as many as there is room for. */
  readonly traces: number;
  /** Most MiB of spans and bodies; at least 1. */
  readonly megabytes: number;
}

/** What can be set about tracing while the gateway runs. */
export interface TracingSettings {
  /** False: calls pass and nothing of them is recorded (R92). */
  readonly isRecording: boolean;
  readonly spanNaming: SpanNaming;
  /** Bodies that are kept for looking at them here, after redaction. */
  readonly capture: CapturePolicy;
  /** `client.address` and `client.port` on request roots (R23). */
  readonly capturesIdentity: boolean;
  /** Spans of others are taken at `/v1/traces`, and servers that are started are told to send theirs there. */
  readonly receivesSpans: boolean;
  /** Traces are kept on disk and are there again after a restart. */
  readonly keepsHistory: boolean;
  readonly retention: Retention;
}

/** The part of the settings that says how spans are made. */
export type TracingPolicy = Pick<TracingSettings, 'isRecording' | 'spanNaming' | 'capture' | 'capturesIdentity'>;

export const DEFAULT_TRACING_SETTINGS: TracingSettings = {
  isRecording: true,
  spanNaming: 'seed',
  capture: { requests: 'all', responses: 'all' },
  capturesIdentity: false,
  receivesSpans: true,
  keepsHistory: false,
  retention: { days: 0, traces: 0, megabytes: 256 },
};
