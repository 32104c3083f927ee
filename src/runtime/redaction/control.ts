import type { RedactionControl, Redactor } from '../../redaction/port.ts';
import { createRedactor, type RedactorOptions } from '../../redaction/redactor.ts';
import type { RedactedPayload, RedactedSpan } from '../../shared/domain/redacted.ts';

/** A redactor with what its owner may do with it. */
export function createControlledRedactor(options: RedactorOptions): Redactor & RedactionControl {
  const redactor = createRedactor(options);
  const spanAgain = (span: RedactedSpan): RedactedSpan => {
    const again = redactor.span(span);
    return again.findings.length === 0 ? span : { ...again, findings: [...span.findings, ...again.findings] };
  };
  const payloadAgain = (payload: RedactedPayload): RedactedPayload => {
    const again = redactor.payload(payload);
    const { originalBytes, truncated } = payload;
    return again.findings.length === 0
      ? payload
      : { ...again, originalBytes, truncated, findings: [...payload.findings, ...again.findings] };
  };
  return {
    apply: () => undefined,
    rules: () => [],
    hitCounts: () => new Map(),
    spanAgain,
    payloadAgain,
    hintsOfSpan: () => [],
    hintsOfPayload: () => [],
    test: (text) => ({ text: redactor.text(text), mediaType: 'text/plain', findings: [], hints: [] }),
    explain: () => ({ isHidden: false, steps: [] }),
    inspect: () => [],
    reveal: () => undefined,
    ...redactor,
  };
}
