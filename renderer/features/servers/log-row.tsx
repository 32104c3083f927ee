import { memo } from 'react';
import type { ReactElement } from 'react';
import { formatClockMillis, plural } from '../../model/format.ts';
import { maskedStretches, searchWords } from '../../model/server-log.ts';
import type { LogRow } from '../../model/server-log.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { foundPieces } from '../../ui/found-text.ts';
import { MarkedText } from '../../ui/marked.tsx';

export interface LogRowProps {
  readonly row: LogRow;
  readonly term: string;
  /** The line that was asked for from elsewhere. */
  readonly marked: boolean;
}

export const LogRowLine = memo(function LogRowLine({ row, term, marked }: LogRowProps): ReactElement {
  if (row.kind === 'gap') {
    const words = row.before === row.count + 1 ? 'earlier line' : 'line';
    return (
      <div className="flex items-center gap-3 px-3 py-1 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {plural(row.count, words)} {row.count === 1 ? 'was' : 'were'} dropped
      </div>
    );
  }
  const { line } = row;
  return (
    <div
      className={`group relative flex items-start gap-2.5 px-3 font-mono text-xs leading-[19px] ${marked ? 'row-focused bg-selected' : 'hover:bg-hover/70'}`}
    >
      <time
        dateTime={new Date(line.at).toISOString()}
        title={new Date(line.at).toLocaleString()}
        className="shrink-0 text-ink-3 max-sm:hidden"
      >
        {formatClockMillis(line.at)}
      </time>
      {line.from === 'stdout' ? <StdoutMark /> : null}
      <span className="min-w-0 flex-1 pr-6 whitespace-pre-wrap [overflow-wrap:anywhere]">
        <LogText text={line.text} term={term} />
      </span>
      <span className="absolute top-[-2px] right-2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <CopyButton text={line.text} label="Copy this line" />
      </span>
    </div>
  );
});

/** Noise: stdout of a stdio server is for messages alone. */
export function StdoutMark(): ReactElement {
  return (
    <span
      title="Printed on stdout, where only messages belong. The gateway left it out of the conversation."
      className="mt-[2.5px] shrink-0 rounded-[3px] bg-warn-soft px-1 font-sans text-2xs text-warn"
    >
      stdout
    </span>
  );
}

const HIDDEN = 'hidden before it was kept';

function LogText({ text, term }: { readonly text: string; readonly term: string }): ReactElement {
  return (
    <>
      {foundPieces(text, searchWords(term)).map((piece, index) => {
        const marks = maskedStretches(piece.text).map((stretch) => ({ ...stretch, label: HIDDEN }));
        const shown = <MarkedText key={index} text={piece.text} marks={marks} />;
        return piece.found ? (
          <mark key={index} className="rounded-[2px] bg-warn-soft text-ink outline outline-warn/40">
            {shown}
          </mark>
        ) : (
          shown
        );
      })}
    </>
  );
}
