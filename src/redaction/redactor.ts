import { DEFAULT_POLICY } from '../shared/domain/redaction.ts';
import type { RedactionPolicy } from '../shared/domain/redaction.ts';
import { createSecretHash } from './hash.ts';
import type { Hit } from './hits.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { RedactionLimits } from './limits.ts';
import { shortenPayload } from './payload.ts';
import { createPipeline } from './pipeline.ts';
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
export function createRedactor(
  options: RedactorOptions,
): Redactor & Pick<RedactionControl, 'apply' | 'rules' | 'hitCounts' | 'reveal'> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const hashOf = createSecretHash(options.hashKey);
  const counts = new Map<string, number>();
  let listener: ((hash: string, secret: string) => void) | null = null;

  function witness({ rule, secret }: Hit): void {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    listener?.(hashOf(secret), secret);
  }

  const parts = { knownSecrets: options.knownSecrets ?? new Set<string>(), limits, hashOf };
  let inForce = createPipeline(options.policy ?? DEFAULT_POLICY, { ...parts, witness });

  return {
    redact: (value, place) => inForce.redact(value, place),
    text: (text) => inForce.text(text),
    span: (span) => inForce.span(span),
    payload: (payload) => inForce.payload(payload),
    shortened: (payload) => shortenPayload(payload, limits.payloadBytes),
    apply(policy) {
      inForce = createPipeline(policy, { ...parts, witness });
    },
    rules: () => inForce.book.views,
    hitCounts: () => counts,
    reveal(to) {
      listener = to;
    },
  };
}
