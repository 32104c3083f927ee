import type { Attributes, AttributeValue } from '../../src/shared/domain/span.ts';
import type { Finding } from '../../src/shared/domain/redacted.ts';
import { childPath } from './finding-path.ts';

/** Where in a shown text something was hidden. A list is shown as one text, so this is not where the finding says. */
export interface HiddenStretch {
  readonly start: number;
  readonly end: number;
  readonly finding: Finding;
}

export interface AttributeRow {
  readonly key: string;
  readonly text: string;
  readonly type: 'string' | 'number' | 'boolean' | 'list';
  readonly path: string;
  readonly hidden: readonly HiddenStretch[];
  /** In the key itself. */
  readonly hiddenInKey: readonly HiddenStretch[];
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
      const path = childPath(basePath, key);
      return {
        key,
        text: textOf(value),
        type: typeOf(value),
        path,
        hidden: typeof value === 'object' ? inList(value, path, findings) : stretchesAt(findings, path),
        hiddenInKey: stretchesAt(findings, `${path}#`),
      };
    });
}

export function filterRows(rows: readonly AttributeRow[], term: string): readonly AttributeRow[] {
  const needle = term.trim().toLowerCase();
  if (needle === '') return rows;
  return rows.filter((row) => row.key.toLowerCase().includes(needle) || row.text.toLowerCase().includes(needle));
}

/** What was hidden in the text at a path; `offset` is where that text begins in the one that is shown. */
export function stretchesAt(findings: readonly Finding[], path: string, offset = 0): readonly HiddenStretch[] {
  return findings
    .filter((finding) => finding.path === path)
    .map((finding) => ({ start: finding.start + offset, end: finding.end + offset, finding }));
}

type ListValue = Extract<AttributeValue, object>;

const BETWEEN = ', ';

function inList(items: ListValue, path: string, findings: readonly Finding[]): readonly HiddenStretch[] {
  let offset = 0;
  return items.flatMap((item, index) => {
    const stretches = stretchesAt(findings, childPath(path, String(index)), offset);
    offset += String(item).length + BETWEEN.length;
    return stretches;
  });
}

function textOf(value: AttributeValue): string {
  return typeof value === 'object' ? value.map(String).join(BETWEEN) : String(value);
}

function typeOf(value: AttributeValue): AttributeRow['type'] {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'list';
}
