import { useRef } from 'react';
import type { ReactElement } from 'react';
import type { UnixNano } from '../../../src/shared/domain/ids.ts';
import { elapsedSince } from '../../model/clock.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { placeBar } from '../../model/time-scale.ts';
import { useFrame } from '../../ui/use-frame.ts';
import type { AxisProps } from './ruler.tsx';
import { END_PX } from './waterfall-row.tsx';

/** More would cost more than they tell. */
const MAX_BANDS = 50;

export interface WaitBandsProps extends AxisProps {
  readonly waits: readonly SpanNode[];
  readonly traceStart: UnixNano;
  readonly frozenAt: number | null;
  readonly leftPx: number;
}

/** Behind all rows, the times in which the client was waited for: what is open then is not slow, it waits as well. */
export function WaitBands({ waits, leftPx, axisPx, ...rest }: WaitBandsProps): ReactElement | null {
  if (waits.length === 0) return null;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0"
      style={{ left: leftPx, width: Math.max(0, axisPx - END_PX) }}
    >
      {waits.slice(0, MAX_BANDS).map((node) => (
        <WaitBand key={node.span.spanId} node={node} {...rest} />
      ))}
    </div>
  );
}

type WaitBandProps = Pick<WaitBandsProps, 'traceStart' | 'frozenAt' | 'domainMs'> & { readonly node: SpanNode };

function WaitBand({ node, traceStart, frozenAt, domainMs }: WaitBandProps): ReactElement {
  const element = useRef<HTMLElement>(null);
  const widthAt = (endMs: number): string => `${String(placeBar(node.startMs, endMs, domainMs).width * 100)}%`;
  useFrame(node.endMs === null && frozenAt === null, () => {
    if (element.current !== null) element.current.style.width = widthAt(elapsedSince(traceStart, Date.now()));
  });
  const endMs = node.endMs ?? elapsedSince(traceStart, frozenAt ?? 0);
  const left = `${String(placeBar(node.startMs, endMs, domainMs).left * 100)}%`;
  return <i ref={element} className="absolute inset-y-0 bg-wait-soft/60" style={{ left, width: widthAt(endMs) }} />;
}
