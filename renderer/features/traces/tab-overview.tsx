import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import { attributeRows, filterRows, stretchesAt } from '../../model/attributes.ts';
import { clockSkew, skewWords } from '../../model/clock-skew.ts';
import { plural } from '../../model/format.ts';
import { isInputWait, waitSentence } from '../../model/input-wait.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { MarkedText } from '../../ui/marked.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useTarget } from '../../ui/use-target.ts';
import { AttributeTable } from './attribute-table.tsx';
import { useMarkOf } from './redaction-slot.ts';
import type { MarkOf } from './redaction-slot.ts';
import { SpanFacts } from './span-facts.tsx';
import type { OpenTraceStore } from './store.trace.ts';

export interface OverviewTabProps {
  readonly trace: OpenTraceStore;
  readonly node: SpanNode;
  readonly attempt: number | undefined;
}

export function OverviewTab({ trace, node, attempt }: OverviewTabProps): ReactElement {
  const [term, setTerm] = useState('');
  const { span } = node;
  const markOf = useMarkOf(span);
  const box = useRef<HTMLDivElement>(null);
  useTarget(
    box,
    useStore(trace.store, (state) => state.target),
  );
  const own = attributeRows(span.attributes, '/attributes', span.findings);
  const resource = attributeRows(span.origin.resource, '/origin/resource', span.findings);
  const shown = filterRows(own, term);
  const shownResource = filterRows(resource, term);
  const message = span.status.message;
  return (
    <div ref={box} className="@container min-h-0 flex-1 overflow-auto">
      {message === null || message === '' ? null : (
        <div className="px-3 pt-2.5" data-path="/status/message">
          <Notice kind={span.status.code === 'error' ? 'error' : 'info'}>
            <MarkedText text={message} marks={stretchesAt(span.findings, '/status/message').map(markOf)} />
          </Notice>
        </div>
      )}
      <Skew node={node} />
      <Story node={node} attempt={attempt} />
      <SpanFacts node={node} markOf={markOf} />
      <div className="sticky top-0 z-10 flex items-center gap-2 border-y border-line bg-chrome px-3 py-1">
        <h4 className="label">Attributes</h4>
        <span className="text-2xs text-ink-3">{own.length}</span>
        <label className="ml-auto flex h-6 w-[150px] items-center gap-1.5 rounded border border-line bg-raised px-1.5 text-ink-3 focus-within:border-accent">
          <Search size={12} aria-hidden />
          <input
            type="search"
            value={term}
            onChange={(event) => {
              setTerm(event.target.value);
            }}
            placeholder="Find key or value"
            aria-label="Find an attribute by key or value"
            className="w-full min-w-0 bg-transparent text-xs text-ink outline-none placeholder:text-ink-3"
          />
        </label>
      </div>
      {own.length === 0 ? <Quiet>This span carries no attributes.</Quiet> : null}
      {own.length > 0 && shown.length + shownResource.length === 0 ? (
        <Quiet>No attribute matches “{term}”.</Quiet>
      ) : null}
      <AttributeTable rows={shown} label="Attributes" markOf={markOf} />
      {shownResource.length === 0 ? null : (
        <>
          <h4 className="label border-b border-line bg-chrome px-3 py-1.5">Resource</h4>
          <AttributeTable rows={shownResource} label="Resource" markOf={markOf} />
        </>
      )}
      <Links node={node} markOf={markOf} />
      <Dropped node={node} />
    </div>
  );
}

function Skew({ node }: { readonly node: SpanNode }): ReactElement | null {
  const skew = clockSkew(node);
  if (skew === null) return null;
  return (
    <div className="px-3 pt-2.5">
      <Notice kind="warn">It {skewWords(skew)}. It is drawn at the time that its own clock gave it.</Notice>
    </div>
  );
}

/** What happened, where the span's name and attributes do not say it. */
function Story({ node: { span }, attempt }: Omit<OverviewTabProps, 'trace'>): ReactElement | null {
  if (isInputWait(span)) return <p className="px-3 pt-2.5 text-sm text-ink">{waitSentence(span)}</p>;
  if (attempt === undefined) return null;
  return (
    <p className="px-3 pt-2.5 text-sm text-ink">
      The client had been asked something and sent its request again: attempt {attempt} of the same operation.
    </p>
  );
}

function Links({ node, markOf }: { readonly node: SpanNode; readonly markOf: MarkOf }): ReactElement | null {
  const { links, findings } = node.span;
  if (links.length === 0) return null;
  return (
    <section>
      <h4 className="label border-y border-line bg-chrome px-3 py-1.5">Links</h4>
      {links.map((link, index) => (
        <div key={`${link.traceId} ${link.spanId}`}>
          <p className="px-3 py-1 font-mono text-xs [overflow-wrap:anywhere]">
            {link.traceId} <span className="text-ink-3">{link.spanId}</span>
          </p>
          <AttributeTable
            rows={attributeRows(link.attributes, `/links/${String(index)}/attributes`, findings)}
            label={`Attributes of the link to ${link.spanId}`}
            markOf={markOf}
          />
        </div>
      ))}
    </section>
  );
}

function Dropped({ node }: { readonly node: SpanNode }): ReactElement | null {
  const { attributes, events, links } = node.span.dropped;
  const parts = [
    attributes > 0 ? plural(attributes, 'attribute') : '',
    events > 0 ? plural(events, 'event') : '',
    links > 0 ? plural(links, 'link') : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return null;
  return (
    <div className="p-3">
      <Notice kind="warn">The recorder’s limits left out {parts.join(', ')}.</Notice>
    </div>
  );
}

export function Quiet({ children }: { readonly children: ReactNode }): ReactElement {
  return <p className="px-3 py-4 text-xs text-ink-3">{children}</p>;
}
