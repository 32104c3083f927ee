import type { RedactedSpan } from '../../src/shared/domain/redacted.ts';
import { isInputWait, waitLabel } from './input-wait.ts';

const SUBJECT_KEYS = [
  'gen_ai.tool.name',
  'gen_ai.prompt.name',
  'mcp.resource.uri',
  'plugin.name',
  'tool.name',
  'prompt.name',
  'resource.uri',
] as const;

/**
 * What a span is about, to stand beside its name: the tool, prompt or resource, or who is waited for; empty when the name
 * says it already.
 */
export function spanSubject(span: RedactedSpan): string {
  if (isInputWait(span)) return waitLabel(span);
  for (const key of SUBJECT_KEYS) {
    const value = span.attributes[key];
    if (typeof value === 'string' && value !== '' && !span.name.includes(value)) return value;
  }
  return '';
}
