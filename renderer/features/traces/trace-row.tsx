import { EyeOff, Hourglass } from 'lucide-react';
import { memo } from 'react';
import type { ReactElement } from 'react';
import { millisBetween } from '../../../src/shared/domain/ids.ts';
import type { TraceId } from '../../../src/shared/domain/ids.ts';
import type { TraceSummary } from '../../../src/shared/domain/trace.ts';
import { eraHint, eraWord } from '../../model/era.ts';
import { formatClock, formatDuration, formatInstant, plural } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import { subjectOf } from '../../model/sentence.ts';
import { traceStatus } from '../../model/status.ts';
import { durationFill } from '../../model/time-scale.ts';
import { Visible } from '../../ui/visible.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { RunningDuration } from './running-duration.tsx';
import { StatusMark } from './status-mark.tsx';

export interface TraceRowProps {
  readonly trace: TraceSummary;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly frozenAt: number | null;
  /** There is room for the eras of server and client. */
  readonly withEras: boolean;
  readonly onOpen: (traceId: TraceId) => void;
}

export const TraceRow = memo(function TraceRow(props: TraceRowProps): ReactElement {
  const { trace, index, top, selected, focused, frozenAt, withEras, onOpen } = props;
  const tone = selected ? 'bg-selected' : 'hover:bg-hover';
  const [date = '', clock = ''] = formatInstant(trace.startTime).split(' ');
  return (
    <div
      role="row"
      id={rowId(trace.traceId)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      onClick={() => {
        onOpen(trace.traceId);
      }}
      style={{ top }}
      className={`trace-grid absolute left-0 h-7 w-full items-center border-b border-line/60 px-3 text-xs ${tone} ${focused ? 'row-focused' : ''}`}
    >
      <StatusMark status={traceStatus(trace)} role="gridcell" />
      <div role="gridcell" className="col-time text-ink-3" title={`${date} ${clock}`}>
        {formatClock(trace.startTime).slice(0, 8)}
        <span className="col-millis opacity-70">{formatClock(trace.startTime).slice(8)}</span>
      </div>
      <div role="gridcell" className="flex min-w-0 items-center gap-2" title={visibleText(whatOf(trace).join('  '))}>
        <ServerDot trace={trace} />
        <What trace={trace} />
      </div>
      <ServerCell trace={trace} withEras={withEras} />
      <div role="gridcell" className="flex items-center justify-end gap-2">
        <Duration trace={trace} frozenAt={frozenAt} />
      </div>
      <ClientCell trace={trace} withEras={withEras} />
      <div role="gridcell" className="flex justify-end">
        {trace.redactionCount === 0 ? null : (
          <span
            className="inline-flex items-center gap-1 text-mask"
            title={`${plural(trace.redactionCount, 'value')} hidden before recording`}
          >
            <EyeOff size={12} aria-hidden />
            {trace.redactionCount}
            <span className="sr-only"> hidden</span>
          </span>
        )}
      </div>
    </div>
  );
});

export function rowId(traceId: TraceId): string {
  return `trace-${traceId}`;
}

/** The thing asked for first, the method after it; the span's name when neither is known. */
function whatOf(trace: TraceSummary): readonly [string, string] {
  const subject = subjectOf(trace);
  return [subject, subject === trace.target ? (trace.method ?? '') : ''];
}

function What({ trace }: { readonly trace: TraceSummary }): ReactElement {
  const [main, side] = whatOf(trace);
  return (
    <>
      <span className="truncate font-medium text-ink">
        <Visible text={main} />
      </span>
      {side === '' ? null : (
        <span className="col-method min-w-0 shrink-[4] truncate text-ink-3">
          <Visible text={side} />
        </span>
      )}
    </>
  );
}

type PeerCellProps = Pick<TraceRowProps, 'trace' | 'withEras'>;

function ServerCell({ trace, withEras }: PeerCellProps): ReactElement {
  const [first, ...others] = trace.serverIds;
  return (
    <div
      role="gridcell"
      className="col-server min-w-0 items-center gap-1.5 text-ink-3"
      title={[trace.serverIds.join(', '), eraHint(trace.serverProtocols)].filter((part) => part !== '').join('\n')}
    >
      {first === undefined ? (
        '–'
      ) : (
        <>
          <i className="size-2 shrink-0 rounded-[2px]" style={{ background: hueVariable(first) }} aria-hidden />
          <span className="truncate text-ink-2">{first}</span>
          {others.length === 0 ? null : <span>+{others.length}</span>}
          {withEras ? <Era versions={trace.serverProtocols} /> : null}
        </>
      )}
    </div>
  );
}

function ClientCell({ trace, withEras }: PeerCellProps): ReactElement {
  const versions = trace.clientProtocol === null ? [] : [trace.clientProtocol];
  const name = trace.client === null ? null : <Visible text={trace.client} />;
  const title = [visibleText(trace.client ?? ''), eraHint(versions)].filter((part) => part !== '').join('\n');
  return (
    <div role="gridcell" className="col-client min-w-0 truncate text-ink-2" title={title}>
      {withEras ? (
        <span className="flex items-center gap-1.5">
          <span className="truncate">{name}</span>
          <Era versions={versions} />
        </span>
      ) : (
        name
      )}
    </div>
  );
}

function Era({ versions }: { readonly versions: readonly string[] }): ReactElement | null {
  const word = eraWord(versions);
  return word === '' ? null : <span className="ml-auto shrink-0 text-2xs text-ink-3">{word}</span>;
}

/** Stands before the call where there is no room for the server's name. */
function ServerDot({ trace }: { readonly trace: TraceSummary }): ReactElement | null {
  const [first] = trace.serverIds;
  if (first === undefined) return null;
  return (
    <i
      className="col-dot -mr-0.5 size-2 shrink-0 rounded-[2px]"
      style={{ background: hueVariable(first) }}
      aria-hidden
    />
  );
}

function Duration({ trace, frozenAt }: Pick<TraceRowProps, 'trace' | 'frozenAt'>): ReactElement {
  if (trace.endTime === null) {
    const waiting = traceStatus(trace) === 'waiting';
    return <RunningDuration since={trace.startTime} frozenAt={frozenAt} waiting={waiting} />;
  }
  const millis = millisBetween(trace.startTime, trace.endTime);
  return (
    <>
      <i
        className="col-bar h-1 w-11 shrink-0 rounded-full"
        style={{ background: fill(millis, trace.waitedMs) }}
        aria-hidden
      />
      <Waited waitedMs={trace.waitedMs} />
      <span className="min-w-[54px] text-right text-ink">{formatDuration(millis)}</span>
    </>
  );
}

/** Says that a duration is not all the server's. */
function Waited({ waitedMs }: Pick<TraceSummary, 'waitedMs'>): ReactElement | null {
  if (waitedMs === 0) return null;
  return (
    <span className="-mr-1 shrink-0 text-wait" title={`Of this, ${formatDuration(waitedMs)} waiting for the client`}>
      <Hourglass size={11} aria-hidden />
      <span className="sr-only">{`${formatDuration(waitedMs)} waiting for the client, of `}</span>
    </span>
  );
}

function fill(millis: number, waitedMs: number): string {
  const [worked, end] = [millis - waitedMs, millis].map((part) => `${String(Math.round(durationFill(part) * 100))}%`);
  return `linear-gradient(to right, var(--ink-3) ${worked ?? ''}, var(--wait-soft) ${worked ?? ''} ${end ?? ''}, var(--line) ${end ?? ''})`;
}
