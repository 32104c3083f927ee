import { createRedactor } from '../../src/redaction/redactor.ts';
import type { Finding } from '../../src/shared/domain/redacted.ts';
import { plantedSecrets } from './corpus.ts';
import type { CaseOptions, CorpusCase, ExpectedFinding } from './corpus.ts';
import { rawPayload, rawSpan } from './masked.ts';

export interface RedactedCase {
  readonly text: string;
  readonly findings: readonly ExpectedFinding[];
  /** What stands where the findings point. */
  readonly masks: readonly string[];
}

/** The product's own redactor, as the options of a case want it. */
export function redactorFor({ policy, known }: CaseOptions): ReturnType<typeof createRedactor> {
  const redactor = createRedactor({ hashKey: new Uint8Array(32).fill(7), knownSecrets: new Set(known) });
  if (policy !== undefined) redactor.apply(policy);
  return redactor;
}

/** Puts a text through the door that its case names. */
export function redactCase({ options }: CorpusCase, text: string): RedactedCase {
  const redactor = redactorFor(options);
  if (options.as?.startsWith('attribute:') === true) {
    const name = options.as.slice('attribute:'.length);
    const span = redactor.span(rawSpan({ attributes: { [name]: text } }));
    return seen(String(span.attributes[name]), span, span.findings);
  }
  const isDocument = options.as !== 'text' && isJson(text);
  const payload = redactor.payload(rawPayload(text, isDocument ? 'application/json' : 'text/plain'));
  return seen(payload.text, isDocument ? JSON.parse(payload.text) : payload.text, payload.findings);
}

/** The planted secrets of a case that can still be read in what comes out. */
export function leftReadable(each: CorpusCase): readonly string[] {
  const { text } = redactCase(each, each.input);
  return (plantedSecrets(each) ?? []).filter((secret) => text.includes(secret));
}

function seen(text: string, root: unknown, findings: readonly Finding[]): RedactedCase {
  return {
    text,
    findings: findings.map(({ rule, kind, path, start, end }) => ({ rule, kind, path, start, end })),
    masks: findings.map(({ path, start, end }) => textAt(root, path).slice(start, end)),
  };
}

function textAt(root: unknown, path: string): string {
  const isName = path.endsWith('#');
  const names = (isName ? path.slice(0, -1) : path)
    .split('/')
    .slice(1)
    .map((segment) => segment.replace(/~2$/, '#').replaceAll('~1', '/').replaceAll('~0', '~'));
  if (isName) return names.at(-1) ?? '';
  const value = names.reduce<unknown>((above, name) => (above as Record<string, unknown>)[name], root);
  return typeof value === 'string' ? value : '';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Anything else is a text.
    return false;
  }
}
