import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { formatTick } from '../../model/format.ts';
import { axisTicks } from '../../model/time-scale.ts';
import { DURATION_PX, END_PX } from './waterfall-row.tsx';

const PX_PER_TICK = 66;
/** A mark nearer than this to the right edge keeps its line and loses its words. */
const LABEL_PX = 44;

export interface AxisProps {
  readonly domainMs: number;
  readonly axisPx: number;
}

function ticksOf({ domainMs, axisPx }: AxisProps): readonly number[] {
  return axisTicks(domainMs, Math.max(2, Math.floor(axisPx / PX_PER_TICK)));
}

/** Vertical lines behind the rows, one for each mark of the ruler. */
export function AxisLines(props: AxisProps & { readonly leftPx: number }): ReactElement {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0"
      style={{ left: props.leftPx, width: Math.max(0, props.axisPx - END_PX) }}
    >
      {ticksOf(props).map((tick) => (
        <i
          key={tick}
          className="absolute inset-y-0 w-px bg-line"
          style={{ left: `${String((tick / props.domainMs) * 100)}%` }}
        />
      ))}
    </div>
  );
}

export interface RulerProps extends AxisProps {
  readonly namePx: number;
  readonly totalPx: number;
  /** Share of the width, from 0 to 1. */
  readonly onNameShare: (share: number) => void;
}

const KEY_STEP = 0.03;

/** Column heads, the time axis, and the handle that divides them. */
export function Ruler(props: RulerProps): ReactElement {
  const { namePx, totalPx, domainMs, axisPx, onNameShare } = props;
  const bar = useRef<HTMLDivElement>(null);
  const drag = (event: PointerEvent): void => {
    if (event.buttons !== 1 || bar.current === null) return;
    onNameShare((event.clientX - bar.current.getBoundingClientRect().left) / totalPx);
  };
  const nudge = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onNameShare(namePx / totalPx + step);
  };
  return (
    <div ref={bar} className="relative flex h-[26px] shrink-0 items-center border-b border-line bg-chrome">
      <div className="label shrink-0 pl-3" style={{ width: namePx }}>
        Span
      </div>
      <div className="label shrink-0 pr-3 text-right" style={{ width: DURATION_PX }}>
        Duration
      </div>
      <div aria-hidden className="relative h-full shrink-0" style={{ width: Math.max(0, axisPx - END_PX) }}>
        {ticksOf({ domainMs, axisPx }).map((tick) => (
          <span
            key={tick}
            className="absolute bottom-0 h-full border-l border-line pt-[6px] pl-1 text-2xs whitespace-nowrap text-ink-3"
            style={{ left: `${String((tick / domainMs) * 100)}%` }}
          >
            {(1 - tick / domainMs) * (axisPx - END_PX) < LABEL_PX ? null : formatTick(tick, domainMs)}
          </span>
        ))}
      </div>
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the names"
        aria-valuenow={Math.round((namePx / Math.max(1, totalPx)) * 100)}
        tabIndex={0}
        onKeyDown={nudge}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={drag}
        className="absolute inset-y-0 w-[9px] cursor-col-resize after:absolute after:inset-y-1.5 after:left-1 after:w-px after:bg-line-strong hover:after:inset-y-0 hover:after:bg-accent"
        style={{ left: namePx - 5 }}
      />
    </div>
  );
}
