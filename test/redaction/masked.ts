import { createEngine } from '../../src/redaction/engine.ts';
import type { Engine } from '../../src/redaction/engine.ts';
import { MASK } from '../../src/redaction/forms.ts';
import { applyHits } from '../../src/redaction/hits.ts';
import type { Hit } from '../../src/redaction/hits.ts';
import { createRuleBook } from '../../src/redaction/policy/rule-book.ts';
import type { RawPayload, RedactionControl, Redactor } from '../../src/redaction/port.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import type { RedactorOptions } from '../../src/redaction/redactor.ts';
import { createScreen } from '../../src/redaction/screen/screen.ts';
import type { Screen } from '../../src/redaction/screen/screen.ts';
import { DEFAULT_POLICY } from '../../src/shared/domain/redaction.ts';
import type { RedactionPolicy } from '../../src/shared/domain/redaction.ts';
import type { SpanRecord } from '../../src/shared/domain/span.ts';
import { makeSpan, spanIdOf, traceIdOf } from '../support/make-span.ts';

export { MASK };

/** An engine and the screen in front of it, under a policy. */
export function testEngine(
  knownSecrets: ReadonlySet<string> = new Set(),
  policy: Partial<RedactionPolicy> = {},
): { engine: Engine; screen: Screen } {
  const book = createRuleBook({ ...DEFAULT_POLICY, ...policy }, { knownSecrets, hashOf: () => '0123456789abcdef' });
  return { engine: createEngine(book), screen: createScreen(book.screening) };
}

const { engine } = testEngine();

export function hitsIn(text: string): readonly Hit[] {
  return engine.findInText(text);
}

/** The text with every rule applied, as a string value of a span or a body is read. */
export function masked(text: string): string {
  return applyHits(text, hitsIn(text)).text;
}

export function testRedactor(options: Partial<RedactorOptions> = {}): Redactor & RedactionControl {
  return createRedactor({ hashKey: new Uint8Array(32).fill(7), ...options });
}

export function rawPayload(text: string, mediaType = 'application/json'): RawPayload {
  return { traceId: traceIdOf(1), spanId: spanIdOf(1), direction: 'request', mediaType, text };
}

/** A value after it went through the payload redactor as JSON. */
export function maskedJson(value: unknown): unknown {
  return JSON.parse(testRedactor().payload(rawPayload(JSON.stringify(value))).text);
}

export function rawSpan(fields: Partial<SpanRecord>): SpanRecord {
  return makeSpan(fields);
}
