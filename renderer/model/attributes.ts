import type { Attributes, AttributeValue } from '../../src/shared/domain/span.ts';
import type { Finding } from '../../src/shared/domain/redacted.ts';

export interface AttributeRow {
  readonly key: string;
  readonly text: string;
  readonly type: 'string' | 'number' | 'boolean' | 'list';
  /** What was hidden in the value, by position. */
  readonly findings: readonly Finding[];
}

export function attributeRows(
  attributes: Attributes,
  basePath: string,
  findings: readonly Finding[],
): readonly AttributeRow[] {
  return Object.keys(attributes)
    .sort()
    .map((key) => {
      const value = attributes[key] ?? '';
      const path = `${basePath}/${pointerKey(key)}`;
      return { key, text: textOf(value), type: typeOf(value), findings: findings.filter((each) => isAt(each, path)) };
    });
}

export function filterRows(rows: readonly AttributeRow[], term: string): readonly AttributeRow[] {
  const needle = term.trim().toLowerCase();
  if (needle === '') return rows;
  return rows.filter((row) => row.key.toLowerCase().includes(needle) || row.text.toLowerCase().includes(needle));
}

function isAt(finding: Finding, path: string): boolean {
  return finding.path === path || finding.path.startsWith(`${path}/`);
}

/** A key as JSON Pointer (RFC 6901) writes it. */
function pointerKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function textOf(value: AttributeValue): string {
  return typeof value === 'object' ? value.map(String).join(', ') : String(value);
}

function typeOf(value: AttributeValue): AttributeRow['type'] {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'list';
}

/** Why a value is hidden, in words. */
export function findingLabel(finding: Finding): string {
  return `${finding.kind} hidden by rule “${finding.rule}”, ${finding.length} characters`;
}
