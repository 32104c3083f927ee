import { ArrowDown } from 'lucide-react';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { MeasuredRows, useMeasuredRows } from '../../ui/measured-rows.tsx';
import { useSize } from '../../ui/use-size.ts';
import type { LogRow } from '../../model/server-log.ts';
import { LogRowLine } from './log-row.tsx';

const LINE_PX = 19;
/** Nearer to the end than this counts as being there. */
const END_SLACK_PX = 12;

export interface LogRowsProps {
  readonly rows: readonly LogRow[];
  /** What is searched for: shown where it stands. */
  readonly term: string;
  /** The row to begin with; null begins at the end. */
  readonly targetIndex: number | null;
}

/** The lines in view, newest at the bottom. It stays at the end until the reader scrolls up, and again once back there. */
export function LogRows({ rows, term, targetIndex }: LogRowsProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const stuck = useRef(targetIndex === null);
  const [away, setAway] = useState(false);
  const [sizeRef, size] = useSize();
  const virtual = useMeasuredRows({
    scroller,
    count: rows.length,
    lineHeight: LINE_PX,
    keyOf: (index) => keyOf(rows[index], index),
  });
  const total = virtual.getTotalSize();

  const toEnd = (): void => {
    stuck.current = true;
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (stuck.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [total, rows, size.height]);

  const showTarget = useEffectEvent((index: number) => {
    virtual.scrollToIndex(index, { align: 'center' });
  });
  useEffect(() => {
    if (targetIndex === null) return;
    stuck.current = false;
    showTarget(targetIndex);
  }, [targetIndex]);
  useEffect(() => {
    scroller.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div ref={sizeRef} className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Lines, newest last"
        onKeyDown={(event) => {
          if (event.key === 'End') toEnd();
          if (event.key !== 'Home') return;
          // At once, not as an animation: rows measured on the way would end it early.
          event.preventDefault();
          stuck.current = false;
          event.currentTarget.scrollTop = 0;
        }}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          stuck.current = scrollHeight - scrollTop - clientHeight <= END_SLACK_PX;
          setAway(!stuck.current);
        }}
        className="h-full overflow-x-hidden overflow-y-auto py-1 focus:outline-none focus-visible:-outline-offset-2"
      >
        <MeasuredRows
          virtual={virtual}
          rows={rows}
          renderRow={(row, index) => <LogRowLine row={row} term={term} marked={index === targetIndex} />}
        />
      </div>
      {away ? (
        <button
          type="button"
          onClick={toEnd}
          className="absolute right-5 bottom-3 z-10 inline-flex h-7 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-xs font-medium text-ink-2 shadow-md hover:text-ink"
        >
          <ArrowDown size={13} aria-hidden />
          To the newest
        </button>
      ) : null}
    </div>
  );
}

function keyOf(row: LogRow | undefined, index: number): string | number {
  if (row === undefined) return index;
  return row.kind === 'line' ? row.line.number : `before ${String(row.before)}`;
}
