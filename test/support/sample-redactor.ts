import type { Finding, LengthBucket } from '../../src/shared/domain/redacted.ts';
import type {
  Explanation,
  Hint,
  RedactionAction,
  RedactionPolicy,
  RuleMatch,
  TestedText,
} from '../../src/shared/domain/redaction.ts';
import { SAMPLE_RULES } from './sample-rules.ts';

/** Just enough of an engine for pages without a gateway: it shows what answers look like, not what is found. */
export function testSample(text: string, policy: RedactionPolicy): TestedText {
  const tries = triesOf(policy);
  const parsed = parsedObject(text);
  const found: Found = { findings: [], hints: [] };
  if (parsed === null) return { text: redactText(text, '', '', tries, found), mediaType: 'text/plain', ...found };
  const redacted = redactValue(parsed, '', '', tries, found);
  return { text: JSON.stringify(redacted), mediaType: 'application/json', ...found };
}

export function explainSample(key: string, value: string, policy: RedactionPolicy): Explanation {
  const steps = triesOf(policy).map(({ rule, title, kind, matches }) => {
    const found = isNamed(key, rule) || matches(value, key).length > 0;
    const why = found ? `It looks like ${kind}.` : 'Nothing in it looks like what this rule hides.';
    return { rule, title, found, why };
  });
  return { isHidden: steps.some((step) => step.found), steps };
}

interface Found {
  readonly findings: Finding[];
  readonly hints: Hint[];
}

interface Try {
  readonly rule: string;
  readonly title: string;
  readonly kind: string;
  readonly action: RedactionAction;
  matches(text: string, key: string): readonly (readonly [start: number, end: number])[];
}

function triesOf(policy: RedactionPolicy): readonly Try[] {
  const builtIn = SAMPLE_RULES.filter((rule) => policy.builtIn[rule.id]?.enabled ?? rule.isOn).map(
    ({ id, title, kind, finds, action }): Try => ({
      rule: id,
      title,
      kind,
      action: policy.builtIn[id]?.action ?? action,
      matches: (text) => (finds === null ? [] : rangesOf(text, finds)),
    }),
  );
  const own = policy.rules.map(({ id, match, action }): Try => ({
    rule: id,
    title: id,
    kind: id,
    action,
    matches: matcherOf(match),
  }));
  return [...own, ...builtIn];
}

function matcherOf(match: RuleMatch): Try['matches'] {
  if (match.type === 'pattern') return (text) => rangesOf(text, new RegExp(match.pattern, 'g'));
  if (match.type === 'value') return (text) => placesOf(text, match.value);
  const name = match.type === 'path' ? (match.path.split('.').at(-1) ?? '') : match.name;
  return (text, key) => (key.toLowerCase() === name.toLowerCase() && text !== '' ? [[0, text.length]] : []);
}

function rangesOf(text: string, finds: RegExp): readonly (readonly [number, number])[] {
  return [...text.matchAll(finds)].map(([whole, group], index, all) => {
    const at = all[index]?.index ?? 0;
    const start = group === undefined ? at : at + whole.indexOf(group);
    return [start, start + (group ?? whole).length];
  });
}

function placesOf(text: string, value: string): readonly (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    places.push([at, at + value.length]);
  }
  return places;
}

function isNamed(key: string, rule: string): boolean {
  return rule === 'key-name' && /^(password|passwd|token|secret|api[-_]?key)$/i.test(key);
}

function redactValue(value: unknown, path: string, key: string, tries: readonly Try[], found: Found): unknown {
  if (typeof value === 'string') return redactText(value, path, key, tries, found);
  if (Array.isArray(value)) {
    return value.map((item, index) => redactValue(item, `${path}/${String(index)}`, key, tries, found));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, redactValue(inner, `${path}/${name}`, name, tries, found)]),
  );
}

function redactText(text: string, path: string, key: string, tries: readonly Try[], found: Found): string {
  const hits = tries
    .flatMap((each) => {
      const ranges = isNamed(key, each.rule) ? [[0, text.length] as const] : each.matches(text, key);
      return ranges.map(([start, end]) => ({ start, end, each }));
    })
    .sort((left, right) => left.start - right.start);
  let out = '';
  let from = 0;
  for (const { start, end, each } of hits) {
    if (start < from) continue;
    out += text.slice(from, start);
    const mask = maskOf(each.action, text.slice(start, end));
    const length = lengthOf(end - start);
    const at = { start: out.length, end: out.length + mask.length };
    found.findings.push({
      path,
      ...at,
      rule: each.rule,
      kind: each.kind,
      length,
      hash: hashOf(text.slice(start, end)),
    });
    out += mask;
    from = end;
  }
  out += text.slice(from);
  for (const match of out.matchAll(/\b(?=\w*\d)(?=\w*[a-z])[A-Za-z0-9]{20,}\b/g)) {
    found.hints.push(hintAt(path, key, match.index, match[0].length));
  }
  return out;
}

function hintAt(path: string, key: string, start: number, length: number): Hint {
  const suggestion =
    key === ''
      ? { id: 'looks-random', match: { type: 'pattern', pattern: '[A-Za-z0-9]{20,}' } as const }
      : { id: key.toLowerCase(), match: { type: 'key', name: key } as const };
  return {
    path,
    start,
    end: start + length,
    reason: 'entropy',
    sentence: `${String(length)} characters that look random${key === '' ? '' : ` under “${key}”`}.`,
    suggestion: { ...suggestion, action: 'mask' },
  };
}

function maskOf(action: RedactionAction, secret: string): string {
  if (action === 'drop') return '';
  if (action === 'hash') return `•••#${hashOf(secret).slice(0, 8)}`;
  return action === 'partial' && secret.length >= 12 ? `•••${secret.slice(-4)}` : '•••';
}

/** No secret is kept by it: what is tested here is made up. */
function hashOf(secret: string): string {
  let hash = 0n;
  for (const letter of secret) hash = (hash * 1_099_511_628_211n + BigInt(letter.codePointAt(0) ?? 0)) % 2n ** 64n;
  return hash.toString(16).padStart(16, '0');
}

function lengthOf(length: number): LengthBucket {
  if (length <= 8) return '1-8';
  if (length <= 16) return '9-16';
  if (length <= 32) return '17-32';
  return length <= 64 ? '33-64' : '65-256';
}

function parsedObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    // Pasted text need not be JSON.
    return null;
  }
}
