import type { AttributeValue, SpanEvent } from '../../src/shared/domain/span.ts';

const METHOD = 'mcp.method.name';

/** What an event of the gateway's says, in words without any text of a server's; null where its name says it. */
export function eventWords({ attributes }: Pick<SpanEvent, 'attributes'>): string | null {
  const method = attributes[METHOD];
  if (typeof method !== 'string') return null;
  if (method === 'notifications/progress') return progressWords(attributes);
  if (method === 'notifications/message') {
    const level = attributes['throughline.log.level'];
    return typeof level === 'string' && LEVELS.has(level) ? `Log message (${level})` : 'Log message';
  }
  return OTHERS[method] ?? null;
}

/** Those that MCP knows; anything else is the server's own text. */
const LEVELS = new Set(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']);

const OTHERS: Readonly<Record<string, string>> = {
  'notifications/resources/updated': 'Resource updated',
  'notifications/resources/list_changed': 'Resources changed',
  'notifications/tools/list_changed': 'Tools changed',
  'notifications/prompts/list_changed': 'Prompts changed',
};

function progressWords(attributes: SpanEvent['attributes']): string {
  const done = numberOf(attributes['throughline.progress']);
  const total = numberOf(attributes['throughline.progress.total']);
  if (done === null) return 'Progress';
  return total === null ? `Progress ${done}` : `Progress ${done} of ${total}`;
}

function numberOf(value: AttributeValue | undefined): string | null {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : null;
}
