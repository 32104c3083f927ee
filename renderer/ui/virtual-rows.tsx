import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import type { HTMLAttributes, ReactElement, ReactNode } from 'react';

const OVERSCAN = 4;

export interface VirtualRowsProps<Row> {
  readonly rows: readonly Row[];
  readonly rowHeight: number;
  readonly keyOf: (row: Row) => string;
  /** Draws one row as one keyed element, placed absolutely `top` pixels from the top of the list. */
  readonly renderRow: (row: Row, index: number, top: number) => ReactNode;
  /** Key of the row that must come into view when it changes. */
  readonly activeKey: string | null;
  /** `top`: new rows push the others down. `anchor`: the first row in view stays where it is. */
  readonly onInsert?: 'top' | 'anchor';
  readonly onScrolled?: (top: number) => void;
  /** Drawn behind the rows, as tall as the view. */
  readonly backdrop?: ReactNode;
  readonly container: HTMLAttributes<HTMLDivElement> & { readonly id: string };
}

/** A scrolling list of rows of one height, of which only those in view exist. Knows nothing of what they show. */
export function VirtualRows<Row>(props: VirtualRowsProps<Row>): ReactElement {
  const { rows, rowHeight, keyOf, renderRow, activeKey, onInsert = 'top', onScrolled, backdrop, container } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const before = useRef<readonly Row[]>(rows);
  /** Where the list was when last heard of it. */
  const heardTop = useRef(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    const old = before.current;
    before.current = rows;
    if (element === null || old === rows || onInsert !== 'anchor') return;
    const top = Math.floor(element.scrollTop / rowHeight);
    const anchor = old[top];
    if (anchor === undefined) return;
    const key = keyOf(anchor);
    const now = rows.findIndex((row) => keyOf(row) === key);
    if (now !== -1 && now !== top) element.scrollTop += (now - top) * rowHeight;
  }, [rows, rowHeight, keyOf, onInsert]);

  useLayoutEffect(() => {
    const element = scroller.current;
    // Scrolled meanwhile, and the event that says so is on its way: rows that come now must not undo it.
    if (onInsert !== 'top' || element === null || element.scrollTop !== heardTop.current) return;
    element.scrollTop = 0;
    heardTop.current = 0;
  }, [rows, onInsert]);

  const showActive = useEffectEvent((key: string) => {
    const index = rows.findIndex((row) => keyOf(row) === key);
    if (index !== -1) virtual.scrollToIndex(index, { align: 'auto' });
  });
  useEffect(() => {
    if (activeKey !== null) showActive(activeKey);
  }, [activeKey]);

  return (
    <div className="relative min-h-0 flex-1">
      {backdrop}
      <div
        {...container}
        ref={scroller}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop } }) => {
          heardTop.current = scrollTop;
          onScrolled?.(scrollTop);
        }}
        className="relative h-full overflow-x-hidden overflow-y-scroll focus:outline-none"
      >
        <div className="relative w-full" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : renderRow(row, item.index, item.start);
          })}
        </div>
      </div>
    </div>
  );
}
