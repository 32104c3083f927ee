import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { isInputWait, waitLabel } from './input-wait.ts';
import { questionTo, questionWords } from './question.ts';

const SUBJECT_KEYS = [
  'gen_ai.tool.name',
  'gen_ai.prompt.name',
  'mcp.resource.uri',
  'plugin.name',
  'tool.name',
  'prompt.name',
  'resource.uri',
] as const;

const METHOD = 'mcp.method.name';
const SERVER_ID = 'throughline.server.id';

/** How a span is named in the tree: what it does, and beside it what it is about. */
export interface SpanLabel {
  readonly name: string;
  /** Empty when the name says it already. */
  readonly subject: string;
}

/**
 * Spans that are named as the conventions have it carry what they are about in their name: it is set apart, as it is in
 * those that are named by step. What goes to a server is then named like what it is for, so it says to which.
 */
export function spanLabel(span: RedactedSpan): SpanLabel {
  const method = span.attributes[METHOD];
  if (typeof method !== 'string' || isInputWait(span) || questionTo(span) !== null || !beginsWith(span.name, method))
    return { name: span.name, subject: spanSubject(span) };
  const own = span.name.slice(method.length).trim() || spanSubject(span);
  const server = span.kind === 'client' ? span.attributes[SERVER_ID] : undefined;
  const target = typeof server === 'string' && server !== '' ? `→ ${server}` : '';
  return { name: method, subject: [own, target].filter((part) => part !== '').join(' ') };
}

function beginsWith(name: string, method: string): boolean {
  return name === method || name.startsWith(`${method} `);
}

/**
 * What a span is about, to stand beside its name: the tool, prompt or resource, or who is asked or waited for; empty when
 * the name says it already.
 */
export function spanSubject(span: RedactedSpan): string {
  if (isInputWait(span)) return waitLabel(span);
  const to = questionTo(span);
  if (to !== null) return questionWords(span, to);
  for (const key of SUBJECT_KEYS) {
    const value = span.attributes[key];
    if (typeof value === 'string' && value !== '' && !span.name.includes(value)) return value;
  }
  return '';
}
