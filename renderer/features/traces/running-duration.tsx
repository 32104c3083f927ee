import { useRef } from 'react';
import type { ReactElement } from 'react';
import type { UnixNano } from '../../../src/shared/domain/ids.ts';
import { formatRunning } from '../../model/format.ts';
import { useFrame } from '../../ui/use-frame.ts';
import { elapsedSince } from '../../model/clock.ts';

export interface RunningDurationProps {
  readonly since: UnixNano;
  /** Milliseconds since 1970 at which the picture stands still; null while it moves. */
  readonly frozenAt: number | null;
  /** Nothing runs meanwhile: somebody is waited for. */
  readonly waiting?: boolean;
}

/** How long something has been running, counted up by writing the text itself: nothing else is drawn anew. */
export function RunningDuration({ since, frozenAt, waiting = false }: RunningDurationProps): ReactElement {
  const element = useRef<HTMLSpanElement>(null);
  useFrame(frozenAt === null, () => {
    const text = formatRunning(elapsedSince(since, Date.now()));
    const { current } = element;
    if (current !== null && current.textContent !== text) current.textContent = text;
  });
  return (
    <span ref={element} className={`font-medium ${waiting ? 'text-wait' : 'text-accent'}`}>
      {frozenAt === null ? '' : formatRunning(elapsedSince(since, frozenAt))}
    </span>
  );
}
