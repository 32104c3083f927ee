import type { SpanId, TraceId, UnixNano } from './ids.ts';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export type StatusCode = 'unset' | 'ok' | 'error';

export type AttributeValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface SpanStatus {
  readonly code: StatusCode;
  readonly message: string | null;
}

export interface SpanEvent {
  readonly name: string;
  readonly time: UnixNano;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly attributes: Attributes;
}

/** Who made a span: the resource's attributes (`service.name` among them) and the instrumentation scope. */
export interface SpanOrigin {
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string | null;
}

/** How many items the limits of the recorder threw away. */
export interface DroppedCounts {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
}

/**
 * One span as it is now. `endTime` is null while the span is open; a later record with the same ids replaces this one
 * whole. Nothing here has been redacted yet: see RedactedSpan.
 */
export interface SpanRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | null;
  /** True when the parent lives in another process, so that its span may arrive late or never. */
  readonly parentIsRemote: boolean;
  readonly traceState: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startTime: UnixNano;
  readonly endTime: UnixNano | null;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly origin: SpanOrigin;
  readonly dropped: DroppedCounts;
}
