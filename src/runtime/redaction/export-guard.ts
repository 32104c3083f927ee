import type { RedactionControl } from '../../redaction/port.ts';
import type { GuardHit } from '../../shared/domain/redaction.ts';
import { UserError } from '../../shared/kernel/user-error.ts';

/** Nothing left: what would have left holds something that the rules of now hide. Says where, never what. */
export class ExportBlocked extends UserError {
  readonly hits: readonly GuardHit[];

  constructor(hits: readonly GuardHit[], titleOf: (rule: string) => string) {
    super(sentenceOf(hits, titleOf));
    this.hits = hits;
  }
}

/**
 * Stands before every way out, for whoever sends or writes anything. It reads the very bytes that would leave, as JSON or
 * text, so that a mistake in what made them cannot let anything through. Throws an ExportBlocked.
 */
export type ExportGuard = (bytes: Uint8Array) => void;

export function createExportGuard(control: Pick<RedactionControl, 'inspect' | 'rules'>): ExportGuard {
  const decoder = new TextDecoder();
  const titleOf = (rule: string): string => control.rules().find(({ id }) => id === rule)?.title ?? rule;
  return (bytes) => {
    const hits = control.inspect(withoutIdentity(decoder.decode(bytes)));
    if (hits.length > 0) throw new ExportBlocked(hits, titleOf);
  };
}

/** Ids and times of OTLP/JSON itself: within a text the quotes around such a name are escaped. */
const IDENTITY = /"(traceId|spanId|parentSpanId|\w*[tT]imeUnixNano)":"([0-9a-f]{16}(?:[0-9a-f]{16})?|\d{1,20})"/g;

/**
 * Ids are random and times are long numbers, so now and then one of them has the digits of a payment card; nobody can put
 * anything else there. What stands in their place is as long, so that every place in the text stays the same.
 */
function withoutIdentity(text: string): string {
  return text.replace(IDENTITY, (_, name: string, value: string) => `"${name}":"${'-'.repeat(value.length)}"`);
}

function sentenceOf(hits: readonly GuardHit[], titleOf: (rule: string) => string): string {
  const [first] = hits;
  if (first === undefined) throw new Error('An export that nothing was found in is not blocked.');
  const { rule, line, column, near } = first;
  const others = hits.length === 1 ? '' : ` and ${hits.length - 1} more`;
  const name = near === '' ? '' : `, near "${near}"`;
  return (
    `Nothing was exported: line ${line}, column ${column}${name}, holds what the rule "${rule}" (${titleOf(rule)}) ` +
    `hides${others}. Have stored traces redacted again on the page about redaction, then export again.`
  );
}
