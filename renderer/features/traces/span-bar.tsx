import { useRef } from 'react';
import type { ReactElement } from 'react';
import type { SpanNode } from '../../model/span-tree.ts';
import { millisBetween } from '../../../src/shared/domain/ids.ts';
import type { UnixNano } from '../../../src/shared/domain/ids.ts';
import { elapsedSince } from '../../model/clock.ts';
import { eventWords } from '../../model/event-words.ts';
import { isInputWait, waitOutcome } from '../../model/input-wait.ts';
import { hueVariable } from '../../model/owner.ts';
import { isLogEvent } from '../../model/span-log.ts';
import { placeBar } from '../../model/time-scale.ts';
import { isFailed } from '../../model/span-tree.ts';
import { useFrame } from '../../ui/use-frame.ts';

const MAX_EVENT_MARKS = 20;

/** A moment of the call itself stands out; what a server printed beside it is a hair line. */
const EVENT_MARK = 'size-[5px] rotate-45 border border-page bg-ink';
const LOG_MARK = 'h-[16px] w-px bg-ink-3';

export interface SpanBarProps {
  readonly node: SpanNode;
  readonly domainMs: number;
  readonly traceStart: UnixNano;
  readonly frozenAt: number | null;
}

/** A span on the time axis. An open one is widened by writing its style on every frame. */
export function SpanBar({ node, domainMs, traceStart, frozenAt }: SpanBarProps): ReactElement {
  const element = useRef<HTMLDivElement>(null);
  const open = node.endMs === null;
  useFrame(open && frozenAt === null, () => {
    const place = placeBar(node.startMs, elapsedSince(traceStart, Date.now()), domainMs);
    if (element.current !== null) element.current.style.width = percent(place.width);
  });
  const endMs = node.endMs ?? (frozenAt === null ? node.startMs : elapsedSince(traceStart, frozenAt));
  const place = placeBar(node.startMs, endMs, domainMs);
  const failed = isFailed(node.span);
  const waits = isInputWait(node.span);
  return (
    <>
      <div
        ref={element}
        className={`absolute top-1/2 h-[10px] min-w-[3px] -translate-y-1/2 rounded-[2px] ${waits ? `wait-bar wait-${waitOutcome(node.span)}` : 'span-bar'} ${open ? 'growing rounded-r-none' : ''} ${failed ? 'span-failed' : ''}`}
        style={{
          left: percent(place.left),
          width: percent(place.width),
          ...(waits ? {} : { background: hueVariable(node.owner) }),
        }}
      />
      {node.span.events.slice(0, MAX_EVENT_MARKS).map((event, index) => (
        <i
          key={index}
          title={eventWords(event) ?? event.name}
          className={`absolute top-1/2 -translate-x-1/2 -translate-y-1/2 ${isLogEvent(event) ? LOG_MARK : EVENT_MARK}`}
          style={{ left: percent(placeBar(millisBetween(traceStart, event.time), 0, domainMs).left) }}
        />
      ))}
    </>
  );
}

function percent(fraction: number): string {
  return `${String(fraction * 100)}%`;
}
