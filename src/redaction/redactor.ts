import { DEFAULT_POLICY } from '../shared/domain/redaction.ts';
import type { RedactionPolicy } from '../shared/domain/redaction.ts';
import { createAgain } from './ask/again.ts';
import { explain } from './ask/explain.ts';
import { createHintFinder } from './ask/hints.ts';
import { inspect } from './ask/inspect.ts';
import { tryOut } from './ask/trial.ts';
import { createClaims } from './claims.ts';
import { createSecretHash } from './hash.ts';
import type { Hit } from './hits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { RedactionLimits } from './limits.ts';
import { shortenPayload } from './payload.ts';
import { createPipeline } from './pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import type { RedactionControl, Redactor } from './port.ts';

export interface RedactorOptions {
  /** Key of the hashes in findings. Random, kept in memory only. */
  readonly hashKey: Uint8Array;
  readonly limits?: Partial<RedactionLimits>;
  /** Exact values to hide wherever they stand. Live: what is added later is hidden, too. At least 8 characters each. */
  readonly knownSecrets?: ReadonlySet<string>;
  /** In force until another one is applied. Throws as `apply` does. */
  readonly policy?: RedactionPolicy;
}

/** The one implementation of the port. Remembers nothing of what it reads but what names announce, and counts. */
export function createRedactor(options: RedactorOptions): Redactor & RedactionControl {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const hashOf = createSecretHash(options.hashKey);
  const counts = new Map<string, number>();
  let listener: ((hash: string, secret: string) => void) | null = null;

  function witness({ rule, secret }: Hit): void {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    listener?.(hashOf(secret), secret);
  }

  const parts = { knownSecrets: options.knownSecrets ?? new Set<string>(), limits, hashOf };
  let policyInForce = options.policy ?? DEFAULT_POLICY;
  let inForce = createPipeline(policyInForce, { ...parts, witness });
  let again = createAgain(inForce);
  let claims = createClaims(inForce);
  let hints = createHintFinder(inForce.book);
  let trial: { readonly written: string; readonly pipeline: Pipeline } | null = null;

  /** Pages ask about one policy many times while somebody types. What it hides is counted nowhere. */
  function pipelineFor(policy: RedactionPolicy): Pipeline {
    const written = JSON.stringify(policy);
    if (trial?.written !== written)
      trial = { written, pipeline: createPipeline(policy, { ...parts, witness: ignore }) };
    return trial.pipeline;
  }

  return {
    redact: (value, place) => inForce.redact(value, place),
    text: (text) => inForce.text(text),
    span: (span) => inForce.span(span),
    payload: (payload) => inForce.payload(payload),
    shortened: (payload) => shortenPayload(payload, limits.payloadBytes),
    apply(policy) {
      inForce = createPipeline(policy, { ...parts, witness });
      policyInForce = policy;
      again = createAgain(inForce);
      claims = createClaims(inForce);
      hints = createHintFinder(inForce.book);
    },
    rules: () => inForce.book.views,
    hitCounts: () => counts,
    reveal(to) {
      listener = to;
    },
    spanAgain: (span) => again.span(span),
    payloadAgain: (payload) => again.payload(payload),
    spanFromOutside: (record, claimed) => claims.span(record, claimed),
    payloadFromOutside: (payload, claimed) => claims.payload(payload, claimed),
    hintsOfSpan: (span) => hints.ofSpan(span),
    hintsOfPayload: (payload) => hints.ofPayload(payload),
    test: (text, policy) => tryOut(text, pipelineFor(policy ?? policyInForce)),
    explain: (key, value) => explain(key, value, inForce),
    inspect: (text) => inspect(text, inForce),
  };
}

function ignore(): void {
  // A trial counts as no hit.
}
