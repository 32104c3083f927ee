import { useRef } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { millisBetween } from '../../../src/shared/domain/ids.ts';
import { attributeRows, stretchesAt } from '../../model/attributes.ts';
import type { SpanEvent } from '../../../src/shared/domain/span.ts';
import { eventWords } from '../../model/event-words.ts';
import { formatDuration, formatInstant } from '../../model/format.ts';
import { isLogEvent } from '../../model/span-log.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { MarkedText } from '../../ui/marked.tsx';
import { useTarget } from '../../ui/use-target.ts';
import { AttributeTable } from './attribute-table.tsx';
import { useMarkOf } from './redaction-slot.ts';
import type { OpenTraceStore } from './store.trace.ts';
import { Quiet } from './tab-overview.tsx';

export interface EventsTabProps {
  readonly trace: OpenTraceStore;
  readonly node: SpanNode;
}

export function EventsTab({ trace, node }: EventsTabProps): ReactElement {
  const { span } = node;
  const markOf = useMarkOf(span);
  const list = useRef<HTMLOListElement>(null);
  useTarget(
    list,
    useStore(trace.store, (state) => state.target),
  );
  // Lines of a server's log have a tab of their own.
  const events = span.events.map((event, index) => ({ event, index })).filter(({ event }) => !isLogEvent(event));
  if (events.length === 0) {
    return (
      <Quiet>
        No events{span.endTime === null ? ' yet' : ''}. An event is a moment within a span, such as progress or an
        exception.
      </Quiet>
    );
  }
  return (
    <ol ref={list} className="min-h-0 flex-1 overflow-auto">
      {events.map(({ event, index }) => (
        <li key={index} data-path={`/events/${String(index)}`}>
          <div className="sticky top-0 flex items-baseline gap-3 border-b border-line bg-chrome px-3 py-1.5 text-xs">
            <span className="w-[76px] shrink-0 text-right text-ink-2" title={formatInstant(event.time)}>
              +{formatDuration(millisBetween(span.startTime, event.time))}
            </span>
            <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
              <EventWords event={event} />
              <MarkedText
                text={event.name}
                marks={stretchesAt(span.findings, `/events/${String(index)}/name`).map(markOf)}
              />
            </span>
          </div>
          <AttributeTable
            rows={attributeRows(event.attributes, `/events/${String(index)}/attributes`, span.findings)}
            label={`Attributes of ${event.name}`}
            markOf={markOf}
          />
        </li>
      ))}
    </ol>
  );
}

/** In words first, where they are known; the name by which it was recorded comes after. */
function EventWords({ event }: { readonly event: SpanEvent }): ReactElement | null {
  const words = eventWords(event);
  return words === null ? null : <span className="mr-2">{words}</span>;
}
