import { defaultKeyExtractor, useVirtualizer } from '@tanstack/react-virtual';
import type { Virtualizer } from '@tanstack/react-virtual';
import type { ReactElement, ReactNode, RefObject } from 'react';

const OVERSCAN = 12;

type RowsVirtualizer = Virtualizer<HTMLDivElement, HTMLDivElement>;

export interface MeasuredRowsOptions {
  /** The element that scrolls, which has the rows in it. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly count: number;
  /** Height of a row whose text fits on one line, in pixels: what a row is taken for until it was drawn. */
  readonly lineHeight: number;
  /** What a row's measured height is kept under; where left out, its index. */
  readonly keyOf?: (index: number) => string | number;
}

/** For a scrolling list whose lines wrap: rows have the height of their text, so each is measured once it is drawn. */
export function useMeasuredRows(options: MeasuredRowsOptions): RowsVirtualizer {
  const { scroller, count, lineHeight, keyOf = defaultKeyExtractor } = options;
  return useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: OVERSCAN,
    getItemKey: keyOf,
  });
}

export interface MeasuredRowsProps<Row> {
  readonly virtual: RowsVirtualizer;
  readonly rows: readonly Row[];
  readonly renderRow: (row: Row, index: number) => ReactNode;
}

/** The rows in view, in a box as tall as all of them. It stands in the element that scrolls. */
export function MeasuredRows<Row>({ virtual, rows, renderRow }: MeasuredRowsProps<Row>): ReactElement {
  return (
    <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index];
        return row === undefined ? null : (
          <div
            key={item.key}
            data-index={item.index}
            ref={virtual.measureElement}
            className="absolute top-0 left-0 w-full"
            style={{ transform: `translateY(${String(item.start)}px)` }}
          >
            {renderRow(row, item.index)}
          </div>
        );
      })}
    </div>
  );
}
