import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import type { ReactElement } from 'react';
import { millisBetween } from '../../../src/shared/domain/ids.ts';
import type { SpanId, UnixNano } from '../../../src/shared/domain/ids.ts';
import type { RedactedSpan } from '../../../src/shared/domain/redacted.ts';
import { formatClock, formatDuration, formatInstant } from '../../model/format.ts';
import { isInputWait, waitLabel, waitOutcome } from '../../model/input-wait.ts';
import { hueVariable } from '../../model/owner.ts';
import { questionTo } from '../../model/question.ts';
import type { SpanRow } from '../../model/rows.ts';
import { spanLabel } from '../../model/span-label.ts';
import type { SpanLabel } from '../../model/span-label.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { indentOf } from '../../model/time-scale.ts';
import { Visible } from '../../ui/visible.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { RunningDuration } from './running-duration.tsx';
import { SpanBar } from './span-bar.tsx';
import { originWords, Service, SpanMarks } from './span-marks.tsx';
import { AttemptName, QuestionName, WaitName } from './wait-name.tsx';

export interface WaterfallRowProps {
  readonly row: SpanRow;
  /** Pixels from the top of the tree. */
  readonly top: number;
  readonly index: number;
  /** The how-manieth attempt of an operation the span is; undefined where it is none but the first. */
  readonly attempt: number | undefined;
  readonly namePx: number;
  /** Of the time axis; bars are as wide as what is drawn behind them, whether or not a scroll bar takes room. */
  readonly axisPx: number;
  readonly domainMs: number;
  readonly traceStart: UnixNano;
  readonly frozenAt: number | null;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly onSelect: (spanId: SpanId) => void;
  readonly onToggle: (spanId: SpanId) => void;
}

const MAX_TAIL_CHARACTERS = 14;
/** With less room than this, what stands beside a name is said in signs alone. */
const NARROW_PX = 230;

export const DURATION_PX = 78;
/** The bars end this far from the right edge. */
export const END_PX = 16;

export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps): ReactElement {
  const { row, index, top, selected, focused, onSelect, onToggle } = props;
  const { node } = row;
  const { span } = node;
  const tone = selected ? 'bg-selected' : 'hover:bg-hover/70';
  return (
    <div
      role="row"
      id={spanRowId(span.spanId)}
      aria-rowindex={index + 2}
      aria-level={node.depth + 1}
      aria-posinset={node.position}
      aria-setsize={node.siblings}
      aria-expanded={row.expanded ?? undefined}
      aria-selected={selected}
      aria-description={originWords(node)}
      onClick={() => {
        onSelect(span.spanId);
      }}
      onDoubleClick={() => {
        if (row.expanded !== null) onToggle(span.spanId);
      }}
      style={{ top }}
      className={`absolute left-0 flex h-7 w-full items-stretch text-xs ${tone} ${focused ? 'row-focused' : ''}`}
    >
      <NameCell {...props} />
      <div
        role="gridcell"
        className="flex shrink-0 items-center justify-end pr-3 whitespace-nowrap text-ink-2"
        style={{ width: DURATION_PX }}
      >
        {node.endMs === null ? (
          <RunningDuration since={span.startTime} frozenAt={props.frozenAt} waiting={isInputWait(span)} />
        ) : (
          formatDuration(node.endMs - node.startMs)
        )}
      </div>
      <div
        role="gridcell"
        className="relative shrink-0"
        style={{ width: Math.max(0, props.axisPx - END_PX) }}
        title={barTitle(props)}
        aria-label={barTitle(props)}
      >
        <SpanBar node={node} domainMs={props.domainMs} traceStart={props.traceStart} frozenAt={props.frozenAt} />
      </div>
    </div>
  );
});

export function spanRowId(spanId: SpanId): string {
  return `span-${spanId}`;
}

function barTitle({ row }: WaterfallRowProps): string {
  const { span, startMs, endMs } = row.node;
  if (isInputWait(span)) return waitTitle(span, startMs);
  const length = endMs === null ? 'still running' : formatDuration(endMs - startMs);
  return `starts at +${formatDuration(startMs)}, ${length}\n${formatInstant(span.startTime)}`;
}

function waitTitle(span: RedactedSpan, startMs: number): string {
  const { startTime, endTime } = span;
  const since = formatInstant(startTime);
  if (endTime === null) return `${waitLabel(span)} since ${formatClock(startTime)}\n${since}`;
  const end = waitOutcome(span) === 'answered' ? 'then the answer came' : 'nobody answered';
  const took = formatDuration(millisBetween(startTime, endTime));
  return `${waitLabel(span)} for ${took}, ${end}\nstarts at +${formatDuration(startMs)}, ${since}`;
}

function NameCell({ row, namePx, attempt, onToggle }: WaterfallRowProps): ReactElement {
  const { node, expanded } = row;
  const { span } = node;
  const label = attempt === undefined ? spanLabel(span) : { name: span.name, subject: `attempt ${String(attempt)}` };
  const isNarrow = namePx - indentOf(node.depth, namePx) < NARROW_PX;
  const title = visibleText(label.subject === '' ? label.name : `${label.name}  ${label.subject}`);
  return (
    <div
      role="gridcell"
      className="flex min-w-0 shrink-0 items-center gap-1.5 pr-2"
      style={{ width: namePx, paddingLeft: 8 + indentOf(node.depth, namePx) }}
      title={title}
      // The name is drawn in two pieces; read out loud it is one.
      aria-label={title}
    >
      <Twisty expanded={expanded} onToggle={() => onToggle(span.spanId)} />
      <Name node={node} attempt={attempt} label={label} />
      <Service node={node} isNarrow={isNarrow} />
      {expanded === false ? (
        <span className="shrink-0 rounded-full bg-line px-1.5 text-2xs text-ink-2" title="Spans below, folded">
          {node.descendants}
        </span>
      ) : null}
      <SpanMarks node={node} folded={expanded === false} isNarrow={isNarrow} />
    </div>
  );
}

interface NameProps {
  readonly node: SpanNode;
  readonly attempt: number | undefined;
  readonly label: SpanLabel;
}

function Name({ node: { span, owner }, attempt, label: { name, subject } }: NameProps): ReactElement {
  if (isInputWait(span)) return <WaitName span={span} />;
  if (attempt !== undefined) return <AttemptName attempt={attempt} span={span} />;
  const to = questionTo(span);
  if (to !== null) return <QuestionName span={span} to={to} owner={owner} />;
  return (
    <>
      <i className="h-3.5 w-[3px] shrink-0 rounded-full" style={{ background: hueVariable(owner) }} aria-hidden />
      <span className="flex h-4 min-w-0 flex-1 flex-wrap gap-x-1.5 overflow-hidden">
        <SpanName name={name} />
        {subject === '' ? null : (
          // Too narrow a column wraps it out of sight whole, rather than leaving a sliver.
          <span className="min-w-[52px] flex-1 basis-[52px] truncate text-ink-3">
            <Visible text={subject} />
          </span>
        )}
      </span>
    </>
  );
}

/** Short of room, a dotted name loses its middle, not its telling end. */
function SpanName({ name }: { readonly name: string }): ReactElement {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || name.length - dot > MAX_TAIL_CHARACTERS) {
    return (
      <span className="max-w-full min-w-[48px] truncate font-medium text-ink">
        <Visible text={name} />
      </span>
    );
  }
  return (
    <span className="flex max-w-full min-w-[48px] font-medium text-ink">
      <span className="min-w-0 truncate">
        <Visible text={name.slice(0, dot)} />
      </span>
      <span className="shrink-0">
        <Visible text={name.slice(dot)} />
      </span>
    </span>
  );
}

function Twisty({ expanded, onToggle }: { expanded: boolean | null; onToggle: () => void }): ReactElement {
  if (expanded === null) return <span className="w-4 shrink-0" aria-hidden />;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={expanded ? 'Collapse' : 'Expand'}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      className="flex size-4 shrink-0 items-center justify-center rounded text-ink-3 hover:bg-line hover:text-ink"
    >
      <ChevronRight size={13} className={expanded ? 'rotate-90' : ''} aria-hidden />
    </button>
  );
}
