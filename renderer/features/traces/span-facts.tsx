import type { ReactElement } from 'react';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { stretchesAt } from '../../model/attributes.ts';
import { spanProtocol } from '../../model/era.ts';
import { formatDuration, formatInstant } from '../../model/format.ts';
import { isInputWait } from '../../model/input-wait.ts';
import { remoteService } from '../../model/owner.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { MarkedText } from '../../ui/marked.tsx';
import type { MarkOf } from './redaction-slot.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
  /** An id: to be copied. */
  readonly isId?: true;
  /** Where findings in it are. */
  readonly path?: string;
}

export interface SpanFactsProps {
  readonly node: SpanNode;
  readonly markOf: MarkOf;
}

/** What every span has. */
export function SpanFacts({ node, markOf }: SpanFactsProps): ReactElement {
  const { findings } = node.span;
  return (
    <dl className="grid grid-cols-[60px_minmax(0,1fr)] gap-x-3 gap-y-0.5 px-3 py-2.5 text-xs @min-[560px]:grid-cols-[60px_minmax(0,1fr)_60px_minmax(0,1fr)]">
      {factsOf(node).map(({ name, value, isId = false, path }) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd data-path={path} className={`flex min-w-0 items-center gap-1 ${isId ? 'font-mono text-2xs' : ''}`}>
            <span className="min-w-0 truncate" title={value}>
              <MarkedText text={value} marks={path === undefined ? [] : stretchesAt(findings, path).map(markOf)} />
            </span>
            {isId ? <CopyButton text={value} label={`Copy the ${name.toLowerCase()} id`} className="-my-1" /> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(node: SpanNode): readonly Fact[] {
  const { span } = node;
  const protocol = spanProtocol(span);
  return [
    { name: 'Kind', value: span.kind },
    ...serviceFact(span),
    ...(protocol === null ? [] : [{ name: 'Protocol', value: protocol }]),
    { name: 'Took', value: took(node) },
    { name: 'Starts', value: `+${formatDuration(node.startMs)}` },
    { name: 'At', value: formatInstant(span.startTime) },
    { name: 'Span', value: span.spanId, isId: true },
    { name: 'Trace', value: span.traceId, isId: true },
    scopeOf(span),
    ...(span.traceState === null ? [] : [{ name: 'State', value: span.traceState, path: '/traceState' }]),
  ];
}

function serviceFact(span: RedactedSpan): readonly Fact[] {
  const service = remoteService(span);
  return service === null ? [] : [{ name: 'Service', value: service, path: '/origin/resource/service.name' }];
}

function took({ span, startMs, endMs }: SpanNode): string {
  if (endMs !== null) return formatDuration(endMs - startMs);
  return isInputWait(span) ? 'still waiting' : 'still running';
}

function scopeOf({ origin: { scopeName, scopeVersion } }: RedactedSpan): Fact {
  return { name: 'Scope', value: [scopeName, scopeVersion ?? ''].join(' ').trim(), path: '/origin/scopeName' };
}
