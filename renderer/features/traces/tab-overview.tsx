import { Search } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { attributeRows, filterRows } from '../../model/attributes.ts';
import { spanProtocol } from '../../model/era.ts';
import { formatDuration, formatInstant, plural } from '../../model/format.ts';
import { isInputWait, waitSentence } from '../../model/input-wait.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';
import { AttributeTable } from './attribute-table.tsx';

export interface OverviewTabProps {
  readonly node: SpanNode;
  readonly attempt: number | undefined;
}

export function OverviewTab({ node, attempt }: OverviewTabProps): ReactElement {
  const [term, setTerm] = useState('');
  const { span } = node;
  const own = attributeRows(span.attributes, '/attributes', span.findings);
  const resource = attributeRows(span.origin.resource, '/resource', span.findings);
  const shown = filterRows(own, term);
  const shownResource = filterRows(resource, term);
  const message = span.status.message;
  return (
    <div className="@container min-h-0 flex-1 overflow-auto">
      {message === null || message === '' ? null : (
        <div className="px-3 pt-2.5">
          <Notice kind={span.status.code === 'error' ? 'error' : 'info'}>
            <Visible text={message} />
          </Notice>
        </div>
      )}
      <Story node={node} attempt={attempt} />
      <Facts node={node} />
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
      <AttributeTable rows={shown} label="Attributes" />
      {shownResource.length === 0 ? null : (
        <>
          <h4 className="label border-b border-line bg-chrome px-3 py-1.5">Resource</h4>
          <AttributeTable rows={shownResource} label="Resource" />
        </>
      )}
      <Links node={node} />
      <Dropped node={node} />
    </div>
  );
}

/** What happened, where the span's name and attributes do not say it. */
function Story({ node: { span }, attempt }: OverviewTabProps): ReactElement | null {
  if (isInputWait(span)) return <p className="px-3 pt-2.5 text-sm text-ink">{waitSentence(span)}</p>;
  if (attempt === undefined) return null;
  return (
    <p className="px-3 pt-2.5 text-sm text-ink">
      The client had been asked something and sent its request again: attempt {attempt} of the same operation.
    </p>
  );
}

function Facts({ node }: { readonly node: SpanNode }): ReactElement {
  const { span } = node;
  const protocol = spanProtocol(span);
  const facts: readonly (readonly [string, string, boolean])[] = [
    ['Kind', span.kind, false],
    ...(protocol === null ? [] : ([['Protocol', protocol, false]] as const)),
    [
      'Took',
      node.endMs === null
        ? isInputWait(span)
          ? 'still waiting'
          : 'still running'
        : formatDuration(node.endMs - node.startMs),
      false,
    ],
    ['Starts', `+${formatDuration(node.startMs)}`, false],
    ['At', formatInstant(span.startTime), false],
    ['Span', span.spanId, true],
    ['Trace', span.traceId, true],
    ['Scope', [span.origin.scopeName, span.origin.scopeVersion ?? ''].join(' ').trim(), false],
  ];
  return (
    <dl className="grid grid-cols-[60px_minmax(0,1fr)] gap-x-3 gap-y-0.5 px-3 py-2.5 text-xs @min-[560px]:grid-cols-[60px_minmax(0,1fr)_60px_minmax(0,1fr)]">
      {facts.map(([name, value, copy]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className={`flex min-w-0 items-center gap-1 ${copy ? 'font-mono text-2xs' : ''}`}>
            <span className="min-w-0 truncate" title={value}>
              <Visible text={value} />
            </span>
            {copy ? <CopyButton text={value} label={`Copy the ${name.toLowerCase()} id`} className="-my-1" /> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Links({ node }: { readonly node: SpanNode }): ReactElement | null {
  const { links } = node.span;
  if (links.length === 0) return null;
  return (
    <section>
      <h4 className="label border-y border-line bg-chrome px-3 py-1.5">Links</h4>
      {links.map((link) => (
        <p key={`${link.traceId} ${link.spanId}`} className="px-3 py-1 font-mono text-xs [overflow-wrap:anywhere]">
          {link.traceId} <span className="text-ink-3">{link.spanId}</span>
        </p>
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
