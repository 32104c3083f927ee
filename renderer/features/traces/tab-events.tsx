import type { ReactElement } from 'react';
import { millisBetween } from '../../../src/shared/domain/ids.ts';
import { attributeRows } from '../../model/attributes.ts';
import { formatDuration, formatInstant } from '../../model/format.ts';
import { isLogEvent } from '../../model/span-log.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { Visible } from '../../ui/visible.tsx';
import { AttributeTable } from './attribute-table.tsx';
import { Quiet } from './tab-overview.tsx';

export function EventsTab({ node }: { readonly node: SpanNode }): ReactElement {
  const { span } = node;
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
    <ol className="min-h-0 flex-1 overflow-auto">
      {events.map(({ event, index }) => (
        <li key={index}>
          <div className="sticky top-0 flex items-baseline gap-3 border-b border-line bg-chrome px-3 py-1.5 text-xs">
            <span className="w-[76px] shrink-0 text-right text-ink-2" title={formatInstant(event.time)}>
              +{formatDuration(millisBetween(span.startTime, event.time))}
            </span>
            <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
              <Visible text={event.name} />
            </span>
          </div>
          <AttributeTable
            rows={attributeRows(event.attributes, `/events/${String(index)}/attributes`, span.findings)}
            label={`Attributes of ${event.name}`}
          />
        </li>
      ))}
    </ol>
  );
}
