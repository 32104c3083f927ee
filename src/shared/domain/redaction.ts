import type { SpanId, TraceId, UnixNano } from './ids.ts';
import type { Finding, PayloadDirection } from './redacted.ts';

/** In the order in which people are offered them. */
export const REDACTION_ACTIONS = ['mask', 'partial', 'hash', 'drop'] as const;

/**
 * What stands in place of what a rule hides. `mask`: `•••`. `partial`: `•••` and the last four characters, of values of at
 * least twelve. `hash`: `•••#` and eight hex digits of the keyed hash. `drop`: nothing (`""`, or `null` for a number).
 */
export type RedactionAction = (typeof REDACTION_ACTIONS)[number];

/** From what gives most of a value away to what gives nothing away. */
const STRICTNESS: readonly RedactionAction[] = ['partial', 'hash', 'mask', 'drop'];

export function isStricterAction(action: RedactionAction, than: RedactionAction): boolean {
  return STRICTNESS.indexOf(action) > STRICTNESS.indexOf(than);
}

/** What the id of a rule is made of. */
export const RULE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Of a rule for an exact text, in UTF-16 code units: shorter ones would be found everywhere. */
export const SHORTEST_RULE_VALUE = 4;

/** What a rule of the user's own looks at. All names are compared without regard to case. */
export type RuleMatch =
  /** The value under a key, attribute or label that holds these words, as the built-in names are matched (R9). */
  | { readonly type: 'key'; readonly name: string }
  /** The value at a JSON path such as `$.params.arguments.*.iban`: names, `*` for one of any, `**` for any number. */
  | { readonly type: 'path'; readonly path: string }
  /** The value of an HTTP header, wherever headers are written. */
  | { readonly type: 'header'; readonly name: string }
  /** This exact text, and its encodings. At least 4 characters. */
  | { readonly type: 'value'; readonly value: string }
  /** A regular expression in RE2's syntax, which is matched in linear time; its first group is hidden if it has one. */
  | { readonly type: 'pattern'; readonly pattern: string };

export interface UserRule {
  /** 1 to 64 letters, digits, dots, dashes and underscores; no built-in rule has it. */
  readonly id: string;
  readonly match: RuleMatch;
  readonly action: RedactionAction;
}

/** What the user changed about a built-in rule. */
export interface BuiltInChoice {
  readonly enabled?: boolean;
  readonly action?: RedactionAction;
}

/** `redaction` in the configuration file. */
export interface RedactionPolicy {
  readonly rules: readonly UserRule[];
  /** By the id of a built-in rule. */
  readonly builtIn: Readonly<Record<string, BuiltInChoice>>;
}

/**
 * What a page is told, and tells back, in place of the value of a rule for an exact text: the value itself never comes to
 * a page. A rule that is saved with it keeps the value it has.
 */
export const KEPT_VALUE = '\u2022'.repeat(8);

export const DEFAULT_POLICY: RedactionPolicy = { rules: [], builtIn: {} };

export type RuleGroup = 'names' | 'addresses' | 'shapes' | 'known' | 'personal' | 'limits' | 'yours';

/** A rule as it is now. */
export interface RuleView {
  readonly id: string;
  readonly group: RuleGroup;
  /** A few words, such as "GitHub tokens". */
  readonly title: string;
  /** One sentence: what it looks for, and where. */
  readonly explanation: string;
  readonly isOn: boolean;
  /** False for what must always be hidden. */
  readonly canBeTurnedOff: boolean;
  readonly action: RedactionAction;
  /** Null for a built-in rule. */
  readonly match: RuleMatch | null;
}

/** Something that looks like a secret and was not hidden. */
export interface Hint {
  /** As in findings. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** `entropy`: looks random. `shape`: a rule that is turned off would hide it. */
  readonly reason: 'entropy' | 'shape';
  /** One sentence for people. */
  readonly sentence: string;
  /** A rule that would hide it. */
  readonly suggestion: UserRule;
}

/** Where a hint or a finding stands. */
export interface RedactionPlace {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  /** Null: on the span itself. */
  readonly direction: PayloadDirection | null;
}

export interface PlacedHint extends RedactionPlace {
  readonly hint: Hint;
}

/** One step of a secret's way through the spans, oldest first. */
export interface TrailStep extends RedactionPlace {
  readonly spanName: string;
  readonly serverId: string | null;
  readonly startTime: UnixNano;
  readonly finding: Finding;
}

/** What the rules would do with a text. */
export interface TestedText {
  readonly text: string;
  readonly mediaType: 'application/json' | 'text/plain';
  readonly findings: readonly Finding[];
  readonly hints: readonly Hint[];
}

/** Why one value stays readable, or what hides it. */
export interface Explanation {
  readonly isHidden: boolean;
  /** In the order in which the rules looked: what each of them found, or why it found nothing. */
  readonly steps: readonly {
    readonly rule: string;
    readonly title: string;
    readonly found: boolean;
    readonly why: string;
  }[];
}

/** Something that must not leave. It never says what. */
export interface GuardHit {
  readonly rule: string;
  readonly kind: string;
  /** Where in the text that would leave, counted in lines and columns from 1. */
  readonly line: number;
  readonly column: number;
  /** The name it stands under, redacted; empty where there is none. */
  readonly near: string;
}
