import { X } from 'lucide-react';
import { useMemo, useRef } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { stretchesAt } from '../../model/attributes.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { formatDuration } from '../../model/format.ts';
import { isInputWait } from '../../model/input-wait.ts';
import { hueVariable } from '../../model/owner.ts';
import { isLogEvent, spanLog } from '../../model/span-log.ts';
import { spanSubject } from '../../model/span-label.ts';
import { spanStatus } from '../../model/status.ts';
import type { Api } from '../../bridge/bridge.ts';
import { IconButton } from '../../ui/button.tsx';
import { MarkCards } from '../../ui/mark-cards.tsx';
import { MarkedText } from '../../ui/marked.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Visible } from '../../ui/visible.tsx';
import { useMarkOf, useRedactionSlot } from './redaction-slot.ts';
import { RunningDuration } from './running-duration.tsx';
import { SelectionQuestion } from './selection-question.tsx';
import { StatusMark } from './status-mark.tsx';
import type { DetailTab, OpenTraceStore } from './store.trace.ts';
import { EventsTab } from './tab-events.tsx';
import { LogTab } from './tab-log.tsx';
import type { OpenLog } from './tab-log.tsx';
import { OverviewTab } from './tab-overview.tsx';
import { PayloadTab } from './tab-payload.tsx';
import { RawTab } from './tab-raw.tsx';

export interface DetailPaneProps {
  readonly trace: OpenTraceStore;
  readonly api: Api;
  readonly node: SpanNode | null;
  /** The how-manieth attempt of an operation the span is; undefined where it is none but the first. */
  readonly attempt: number | undefined;
  readonly frozenAt: number | null;
  readonly onOpenLog: OpenLog;
  readonly onFocus: () => void;
  readonly onClose: () => void;
}

const TABS: readonly DetailTab[] = ['overview', 'payload', 'redaction', 'log', 'events', 'raw'];

export function DetailPane(props: DetailPaneProps): ReactElement {
  const { node } = props;
  if (node === null) {
    return <aside aria-label="Span detail" className="flex h-full items-center justify-center text-ink-3" />;
  }
  return <Detail {...props} node={node} />;
}

function Detail(props: DetailPaneProps & { readonly node: SpanNode }): ReactElement {
  const { trace, api, node, attempt, onOpenLog, onFocus } = props;
  const { span } = node;
  const tab = useStore(trace.store, (state) => state.tab);
  const payloads = useStore(trace.store, (state) => state.shown.payloads);
  const question = useStore(trace.store, (state) => state.question);
  const slot = useRedactionSlot();
  const pane = useRef<HTMLElement>(null);
  const log = useMemo(() => spanLog(node), [node]);
  const own = payloads.filter((payload) => payload.spanId === span.spanId);
  const content = {
    overview: <OverviewTab key={span.spanId} trace={trace} node={node} attempt={attempt} />,
    payload: <PayloadTab key={span.spanId} trace={trace} api={api} span={span} />,
    redaction: slot?.tab({
      span,
      payloads: own,
      question,
      onGoTo: (target) => {
        trace.goTo(span.spanId, target);
      },
    }),
    log: <LogTab key={span.spanId} trace={trace} node={node} log={log} onOpenLog={onOpenLog} />,
    events: <EventsTab trace={trace} node={node} />,
    raw: <RawTab span={span} />,
  };
  const heads: Readonly<Record<DetailTab, { label: string; count: number }>> = {
    overview: { label: 'Overview', count: 0 },
    payload: { label: 'Payload', count: own.length },
    redaction: {
      label: 'Redaction',
      count: own.reduce((sum, payload) => sum + payload.findingCount, span.findings.length),
    },
    log: { label: 'Server log', count: log.lines.length },
    events: { label: 'Events', count: span.events.filter((event) => !isLogEvent(event)).length },
    raw: { label: 'Raw', count: 0 },
  };
  return (
    <aside ref={pane} aria-label="Span detail" onFocus={onFocus} className="flex h-full min-h-0 flex-col bg-page">
      <MarkCards>
        <Head {...props} />
        <Tabs
          label="Detail of the span"
          active={tab}
          onChange={(id) => {
            const next = TABS.find((each) => each === id);
            if (next !== undefined) trace.setTab(next);
          }}
          tabs={TABS.map((id) => ({ id, ...heads[id], content: content[id] }))}
        />
      </MarkCards>
      {tab === 'redaction' ? null : <SelectionQuestion within={pane} onAsk={trace.ask} />}
    </aside>
  );
}

function Head({ node, attempt, frozenAt, onClose }: DetailPaneProps & { readonly node: SpanNode }): ReactElement {
  const { span } = node;
  const markOf = useMarkOf(span);
  return (
    <header className="flex min-h-[26px] shrink-0 items-center gap-2 px-3 pt-2 text-xs">
      <i
        className="h-3.5 w-[3px] shrink-0 rounded-full"
        style={{ background: isInputWait(span) ? 'var(--wait)' : hueVariable(node.owner) }}
        aria-hidden
      />
      <h3 className="min-w-0 truncate text-sm font-semibold" data-path="/name">
        <MarkedText text={span.name} marks={stretchesAt(span.findings, '/name').map(markOf)} />
      </h3>
      <span className="min-w-0 shrink-[3] truncate text-ink-3">
        <Visible text={attempt === undefined ? spanSubject(span) : `attempt ${String(attempt)}`} />
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-3">
        <StatusMark status={spanStatus(span)} />
        {node.endMs === null ? (
          <RunningDuration since={span.startTime} frozenAt={frozenAt} waiting={isInputWait(span)} />
        ) : (
          <span className="text-ink-2">{formatDuration(node.endMs - node.startMs)}</span>
        )}
        <IconButton label="Hide the detail pane (Ctrl+\)" onClick={onClose} className="-mr-1.5">
          <X size={14} aria-hidden />
        </IconButton>
      </span>
    </header>
  );
}
