import type { Branded, SpanId, TraceId } from './ids.ts';
import type { SpanRecord } from './span.ts';

/** How long a hidden value was, in characters, coarse enough not to give it away. */
export type LengthBucket = '1-8' | '9-16' | '17-32' | '33-64' | '65-256' | '257+';

/**
 * One place where something was hidden and why. It never holds the value.
 * `start` and `end` delimit the mask in the *redacted* string at `path` (UTF-16 code units, end exclusive).
 */
export interface Finding {
  /**
   * JSON-Pointer-like path from the span or payload, for example `/attributes/url.full` or `/params/arguments/password`.
   * Empty for a payload that is no JSON; `/_preview` for one that was cut. A path that ends in `#` means the last name
   * itself, redacted: `/attributes/https:~1~1•••@host#`.
   */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** The rule's id, for example `key-name` or `url-query`. */
  readonly rule: string;
  /** What sort of secret the rule looks for, for example `password`, `authorization`, `url-userinfo`. */
  readonly kind: string;
  readonly length: LengthBucket;
  /** Keyed hash (key in memory only) by which the same secret can be followed, never recovered. */
  readonly hash: string;
}

declare const redactedBrand: unique symbol;

/** Proof that a value went through the redaction engine. Only `src/redaction` may make one. */
export interface Redacted {
  readonly [redactedBrand]: true;
}

/** A span that is safe to keep, show and send. Store, OTLP, contract and exporters accept nothing else. */
export type RedactedSpan = SpanRecord & Redacted & { readonly findings: readonly Finding[] };

/** Text that went through the engine: log lines, status texts, stderr, error replies of our own. */
export type RedactedText = Branded<string, 'RedactedText'>;

export type PayloadDirection = 'request' | 'response';

/** A captured message body after redaction, bounded. `text` is JSON when `mediaType` is `application/json`. */
export type RedactedPayload = Redacted & {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly direction: PayloadDirection;
  readonly mediaType: string;
  readonly text: string;
  /** Size of what really travelled, in UTF-8 bytes. */
  readonly originalBytes: number;
  readonly truncated: boolean;
  readonly findings: readonly Finding[];
};
