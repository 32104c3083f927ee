import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { Finding, PayloadDirection } from '../shared/domain/redacted.ts';
import type { SpanRecord } from '../shared/domain/span.ts';

/** A span as somebody else wrote it, nothing of it redacted. `findings` are what a session file says was hidden in it. */
export interface DecodedSpan {
  readonly record: SpanRecord;
  readonly findings: readonly Finding[];
}

/** A captured body that travelled as attributes of its span (`throughline.payload.*`). */
export interface DecodedPayload {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly direction: PayloadDirection;
  readonly mediaType: string;
  readonly text: string;
  readonly originalBytes: number;
  readonly truncated: boolean;
  readonly findings: readonly Finding[];
}

/** What was read of one request or of a piece of a file. */
export interface DecodedTraces {
  readonly spans: readonly DecodedSpan[];
  readonly payloads: readonly DecodedPayload[];
  /** Spans that could not be taken, for example without ids of the right length. */
  readonly rejectedSpans: number;
  /** Why, one sentence for each kind of reason. */
  readonly problems: readonly string[];
}
