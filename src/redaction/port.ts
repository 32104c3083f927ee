import type {
  Finding,
  PayloadDirection,
  RedactedPayload,
  RedactedSpan,
  RedactedText,
} from '../shared/domain/redacted.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { SpanRecord } from '../shared/domain/span.ts';

/** Where a value comes from, so that a rule can apply there and a finding can say it. */
export interface Place {
  /** JSON-Pointer-like path that findings start with. */
  readonly path: string;
}

export interface Redaction<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

export interface RawPayload {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly direction: PayloadDirection;
  readonly mediaType: string;
  /** As it travelled. */
  readonly text: string;
  /** Of the whole body as UTF-8, when `text` is only its beginning. */
  readonly originalBytes?: number;
  /** The text has been read as JSON before, so that it need not be read again to know that it is one document. */
  readonly isParsedJson?: boolean;
}

/**
 * The one door between what travels and what is recorded. Pure, synchronous, linear in the size of its input, and never
 * throws: what cannot be read is replaced by a marker that says so.
 */
export interface Redactor {
  /** Redacts any JSON-like value: keys decide about their values, every string is read as text. */
  redact(value: unknown, place: Place): Redaction<unknown>;
  /** Log lines, stderr, error sentences. Control characters are neutralised (R27). */
  text(text: string): RedactedText;
  /** Attributes, events, links, status message, trace state, name, resource: everything on the span. */
  span(span: SpanRecord): RedactedSpan;
  /** Redacts first and cuts afterwards (R20, R21). */
  payload(payload: RawPayload): RedactedPayload;
  /** A body to be redacted later, with no more of it than will be read then: the whole can be let go of. */
  shortened(payload: RawPayload): RawPayload;
}
