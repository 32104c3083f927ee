import { Separator } from 'react-resizable-panels';
import type { ReactElement } from 'react';

/** The handle between two panes: one pixel to see, nine to grab. */
export function SplitHandle({ direction, label }: { direction: 'row' | 'column'; label: string }): ReactElement {
  const shape =
    direction === 'row'
      ? 'w-px after:inset-y-0 after:-left-1 after:w-[9px]'
      : 'h-px after:inset-x-0 after:-top-1 after:h-[9px]';
  return (
    <Separator
      aria-label={label}
      className={`relative z-10 shrink-0 bg-line after:absolute hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent ${shape}`}
    />
  );
}
