import type { ReactElement } from 'react';
import type { AttributeRow } from '../../model/attributes.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { MarkedText } from '../../ui/marked.tsx';
import type { MarkOf } from './redaction-slot.ts';

/** A key may break after its dots and underscores, so that its words stay whole. */
const AFTER_WORD = /(?<=[._/])/;

const TYPE_TINT: Readonly<Record<AttributeRow['type'], string>> = {
  string: '',
  number: 'text-[color:var(--json-number)]',
  boolean: 'text-[color:var(--json-number)]',
  list: '',
};

export interface AttributeTableProps {
  readonly rows: readonly AttributeRow[];
  readonly label: string;
  readonly markOf: MarkOf;
}

export function AttributeTable({ rows, label, markOf }: AttributeTableProps): ReactElement {
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse text-xs">
      <colgroup>
        <col className="w-[42%]" />
        <col />
      </colgroup>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.key}
            data-path={row.path}
            data-name={row.key}
            className="group border-b border-line/60 align-top hover:bg-hover/70"
          >
            <th scope="row" className="py-1 pr-2 pl-3 text-left font-normal text-ink-2 [overflow-wrap:anywhere]">
              {row.hiddenInKey.length === 0 ? (
                <Breakable text={row.key} at={AFTER_WORD} />
              ) : (
                <MarkedText text={row.key} marks={row.hiddenInKey.map(markOf)} />
              )}
            </th>
            <td className="relative py-1 pr-8 font-mono [overflow-wrap:anywhere]">
              <span className={TYPE_TINT[row.type]}>
                <MarkedText text={row.text} marks={row.hidden.map(markOf)} />
              </span>
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
