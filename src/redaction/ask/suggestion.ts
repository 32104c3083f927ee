import type { RuleMatch, UserRule } from '../../shared/domain/redaction.ts';

/** Names under which anything may stand: a rule for one of them would hide whole answers. */
const TOO_GENERAL =
  /^(?:|text|content|contents|message|msg|body|data|value|values|result|results|output|input|description|name|title|id|url|uri|line|lines|log|stdout|stderr|error|reason|items?|args|arguments|params|query|payload|note|notes|summary|structuredContent|_preview|exception\..*|throughline\..*|http\.url|url\..*|process\..*|\d+|key|rpc\..*|mcp\..*|gen_ai\..*)$/i;

/** A beginning that tokens of one maker share, such as `acme_live_`. */
const PREFIX = /^([A-Za-z][A-Za-z0-9]{1,15}[_-](?:[A-Za-z]{2,8}[_-])?)(?=[A-Za-z0-9])/;

/** A rule that would hide this value, as narrow as can be told from one example. It does not hold the value. */
export function suggestRule(key: string, value: string): UserRule {
  if (!TOO_GENERAL.test(key) && /[A-Za-z]/.test(key) && key.length <= 64) return rule(key, { type: 'key', name: key });
  const prefix = PREFIX.exec(value)?.[1];
  if (prefix !== undefined)
    return rule(prefix, { type: 'pattern', pattern: `\\b${prefix}[${charactersOf(value)}]{16,}` });
  const edge = (letter: string | undefined): string => (/\w/.test(letter ?? '') ? '\\b' : '');
  const pattern = `${edge(value[0])}[${charactersOf(value)}]{${value.length}}${edge(value.at(-1))}`;
  return rule(`random-${value.length}`, { type: 'pattern', pattern });
}

function charactersOf(value: string): string {
  if (/^[0-9a-f]+$/.test(value)) return '0-9a-f';
  const signs = ['+', '/', '=', '_', '-'].filter((sign) => value.includes(sign)).join('');
  return `A-Za-z0-9${signs}`;
}

function rule(about: string, match: RuleMatch): UserRule {
  const id = `hide-${about.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 48)}`.replace(/[._-]+$/, '');
  return { id, match, action: 'mask' };
}
