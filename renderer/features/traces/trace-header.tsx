import {
  AppWindow,
  ArrowLeft,
  ChevronsDownUp,
  ChevronsUpDown,
  ClockAlert,
  Download,
  PanelBottom,
  PanelRight,
  Unlink,
  X,
} from 'lucide-react';
import type { ReactElement } from 'react';
import type { UnixNano } from '../../../src/shared/domain/ids.ts';
import type { TraceSummary } from '../../../src/shared/domain/trace.ts';
import { eraHint, eraWord } from '../../model/era.ts';
import { formatBytes, formatDuration, formatInstant, plural } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import { subjectOf, traceSentence } from '../../model/sentence.ts';
import { traceStatus } from '../../model/status.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Visible } from '../../ui/visible.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { RunningDuration } from './running-duration.tsx';
import { StatusMark } from './status-mark.tsx';

export interface TraceHeaderProps {
  readonly summary: TraceSummary;
  /** The servers and services that wear a colour in the tree. */
  readonly owners: readonly string[];
  /** The versions of MCP that were spoken with each server. */
  readonly protocols: ReadonlyMap<string, readonly string[]>;
  /** Since when the client is waited for; null while it is not. */
  readonly waitingSince: UnixNano | null;
  /** By how much clocks differ at most, in milliseconds; 0 where nothing says that they do. */
  readonly skewMs: number;
  readonly frozenAt: number | null;
  readonly detailOpen: boolean;
  readonly detailBeside: boolean;
  /** True where the list is hidden and this is the only way back. */
  readonly alone: boolean;
  readonly onClose: () => void;
  readonly onExport: () => void;
  readonly onToggleDetail: () => void;
  readonly onExpandAll: () => void;
  readonly onCollapseAll: () => void;
}

export function TraceHeader(props: TraceHeaderProps): ReactElement {
  const { summary, owners, protocols, detailOpen, detailBeside, alone } = props;
  const DetailIcon = detailBeside ? PanelRight : PanelBottom;
  return (
    <header className="shrink-0 border-b border-line bg-page px-3 pt-2.5 pb-2">
      <div className="flex items-center gap-2">
        {alone ? (
          <IconButton label="Back to the list" onClick={props.onClose} className="-ml-1.5">
            <ArrowLeft size={15} aria-hidden />
          </IconButton>
        ) : null}
        <h2 className="min-w-0 truncate text-base font-semibold">
          <Visible text={subjectOf(summary)} />
        </h2>
        <span className="flex shrink-0 items-center gap-1.5 text-xs">
          <StatusMark status={traceStatus(summary)} />
          <WaitingSince {...props} />
        </span>
        <div className="ml-auto flex items-center">
          <IconButton label="Expand all spans ([)" onClick={props.onExpandAll} className="max-sm:hidden">
            <ChevronsUpDown size={14} aria-hidden />
          </IconButton>
          <IconButton label="Collapse all spans (])" onClick={props.onCollapseAll} className="max-sm:hidden">
            <ChevronsDownUp size={14} aria-hidden />
          </IconButton>
          <IconButton
            label={`${detailOpen ? 'Hide' : 'Show'} the detail pane (Ctrl+\\)`}
            pressed={detailOpen}
            onClick={props.onToggleDetail}
          >
            <DetailIcon size={14} aria-hidden />
          </IconButton>
          <Button size="small" onClick={props.onExport} title="Save this trace as a file (x)" className="mx-1.5">
            <Download size={13} aria-hidden />
            <span className="max-[460px]:sr-only">Export</span>
          </Button>
          {alone ? null : (
            <IconButton label="Close this trace (Esc)" onClick={props.onClose} className="-mr-1">
              <X size={15} aria-hidden />
            </IconButton>
          )}
        </div>
      </div>
      <p className="mt-0.5 text-sm text-ink-2 [overflow-wrap:anywhere]">
        <Visible text={traceSentence(summary)} />
      </p>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-ink-3">
        <span>{formatInstant(summary.startTime).slice(0, 23)}</span>
        <span>{plural(summary.spanCount, 'span')}</span>
        {summary.errorCount === 0 ? null : (
          <span className="text-error">{plural(summary.errorCount, 'failed span')}</span>
        )}
        {summary.payloadBytes === 0 ? null : <span>{formatBytes(summary.payloadBytes)} of payload</span>}
        <Caller summary={summary} />
        {owners.map((owner) => (
          <span key={owner} className="inline-flex items-center gap-1.5 text-ink-2">
            <i className="size-2 rounded-[2px]" style={{ background: hueVariable(owner) }} aria-hidden />
            <Visible text={owner} />
            <Spoken versions={protocols.get(owner) ?? []} />
          </span>
        ))}
        {props.skewMs === 0 ? null : (
          <span
            className="inline-flex items-center gap-1 text-warn"
            title="Spans of another process begin outside of the time of their parent. Nothing was shifted."
          >
            <ClockAlert size={12} aria-hidden />
            Clocks differ by {formatDuration(props.skewMs)}
          </span>
        )}
        {summary.remoteParentMissing ? (
          <span
            className="inline-flex items-center gap-1 text-warn"
            title="The caller sent a trace context, but the span it names has not been received."
          >
            <Unlink size={12} aria-hidden />
            The caller’s own span is not here
          </span>
        ) : null}
      </div>
    </header>
  );
}

/** How long the client has been waited for: what else ran before counts for nothing here. */
function WaitingSince({ waitingSince, frozenAt }: TraceHeaderProps): ReactElement | null {
  if (waitingSince === null) return null;
  return (
    <span title={`Since ${formatInstant(waitingSince)}`}>
      <RunningDuration since={waitingSince} frozenAt={frozenAt} waiting />
    </span>
  );
}

function Caller({ summary: { client, clientProtocol } }: Pick<TraceHeaderProps, 'summary'>): ReactElement | null {
  if (client === null && clientProtocol === null) return null;
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1.5">
      <AppWindow size={12} className="shrink-0" aria-hidden />
      <span className="max-w-[180px] min-w-0 truncate text-ink-2" title={visibleText(client ?? '')}>
        <Visible text={client ?? 'A client'} />
      </span>
      <Spoken versions={clientProtocol === null ? [] : [clientProtocol]} />
    </span>
  );
}

/** In which versions of MCP, and so in which era, somebody was spoken to. */
function Spoken({ versions }: { readonly versions: readonly string[] }): ReactElement | null {
  if (versions.length === 0) return null;
  const words = [`MCP ${versions.join(', ')}`, eraWord(versions)].filter((part) => part !== '');
  return (
    <span className="shrink-0 text-ink-3" title={eraHint(versions)}>
      {visibleText(words.join(' · '))}
    </span>
  );
}
