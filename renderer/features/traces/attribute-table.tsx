import type { ReactElement } from 'react';
import { findingLabel } from '../../model/attributes.ts';
import type { AttributeRow } from '../../model/attributes.ts';
import type { Finding } from '../../../src/shared/domain/redacted.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { Mark } from '../../ui/marks.ts';
import { MarkedText } from '../../ui/visible.tsx';

/** A key may break after its dots and underscores, so that its words stay whole. */
const AFTER_WORD = /(?<=[._/])/;

const TYPE_TINT: Readonly<Record<AttributeRow['type'], string>> = {
  string: '',
  number: 'text-[color:var(--json-number)]',
  boolean: 'text-[color:var(--json-number)]',
  list: '',
};

export function AttributeTable({ rows, label }: { rows: readonly AttributeRow[]; label: string }): ReactElement {
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse text-xs">
      <colgroup>
        <col className="w-[42%]" />
        <col />
      </colgroup>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="group border-b border-line/60 align-top hover:bg-hover/70">
            <th scope="row" className="py-1 pr-2 pl-3 text-left font-normal text-ink-2 [overflow-wrap:anywhere]">
              <Breakable text={row.key} at={AFTER_WORD} />
            </th>
            <td className="relative py-1 pr-8 font-mono [overflow-wrap:anywhere]">
              <span className={TYPE_TINT[row.type]}>
                <MarkedText text={row.text} marks={row.findings.map(toMark)} />
              </span>
              {row.findings.length === 0 ? null : (
                <span className="block font-sans text-2xs text-mask">{row.findings.map(findingLabel).join('; ')}</span>
              )}
              <span className="absolute top-0.5 right-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
                <CopyButton text={row.text} label={`Copy the value of ${row.key}`} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function toMark(finding: Finding): Mark {
  return { start: finding.start, end: finding.end, label: findingLabel(finding) };
}
