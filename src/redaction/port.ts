import type {
  Finding,
  PayloadDirection,
  RedactedPayload,
  RedactedSpan,
  RedactedText,
} from '../shared/domain/redacted.ts';
import type { SpanId, TraceId } from '../shared/domain/ids.ts';
import type { Explanation, GuardHit, Hint, RedactionPolicy, RuleView, TestedText } from '../shared/domain/redaction.ts';
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

/** A body as others hand it over: `originalBytes` and `truncated` are of what travelled once. */
export interface ClaimedPayload extends Pick<RawPayload, 'traceId' | 'spanId' | 'direction' | 'mediaType' | 'text'> {
  readonly originalBytes: number;
  readonly truncated: boolean;
}

/** What the redactor's owner may do with it beside redacting: change its rules, and ask what they do. */
export interface RedactionControl {
  /** In force for all that is redacted from now on. Throws a UserError that names the rule that cannot be used. */
  apply(policy: RedactionPolicy): void;
  rules(): readonly RuleView[];
  /** How often each rule has hidden something since the start, by its id. */
  hitCounts(): ReadonlyMap<string, number>;
  /**
   * Redacts what was redacted before once more, under the rules as they are now. What was hidden stays hidden, with its
   * finding, in the strictest form it ever had. The same object when nothing changes.
   */
  spanAgain(span: RedactedSpan): RedactedSpan;
  payloadAgain(payload: RedactedPayload): RedactedPayload;
  /**
   * Redacts what others made as what has never been redacted. Of what they say was hidden in it, that is kept which still
   * delimits a mask: it is shown and followed, and nothing more depends on it.
   */
  spanFromOutside(record: SpanRecord, claimed: readonly Finding[]): RedactedSpan;
  payloadFromOutside(payload: ClaimedPayload, claimed: readonly Finding[]): RedactedPayload;
  /** What looks like a secret and was not hidden. */
  hintsOfSpan(span: RedactedSpan): readonly Hint[];
  hintsOfPayload(payload: RedactedPayload): readonly Hint[];
  /** Under the rules in force, or others that are being tried. Counts as no hit. */
  test(text: string, policy?: RedactionPolicy): TestedText;
  /** `key`: the name that the value stands under; empty for none. */
  explain(key: string, value: string): Explanation;
  /** Reads what is about to leave, whatever it is, with all rules that are on and all known values. Empty: it may leave. */
  inspect(text: string): readonly GuardHit[];
  /** Hears of every secret that is hidden, with its hash, until it is told to stop: for showing it, never for keeping it. */
  reveal(listener: ((hash: string, secret: string) => void) | null): void;
}
