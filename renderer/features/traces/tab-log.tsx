import { ScrollText } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import { formatDuration, formatInstant, plural } from '../../model/format.ts';
import type { SpanLog, SpanLogLine } from '../../model/span-log.ts';
import type { SpanNode } from '../../model/span-tree.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { MarkedText } from '../../ui/marked.tsx';
import { useTarget } from '../../ui/use-target.ts';
import { useMarkOf } from './redaction-slot.ts';
import type { OpenTraceStore } from './store.trace.ts';
import { Quiet } from './tab-overview.tsx';

/** Opens a server's whole log, at a line when one is given. */
export type OpenLog = (serverId: ServerId, target?: { readonly at: number; readonly text: string }) => void;

export interface LogTabProps {
  readonly trace: OpenTraceStore;
  readonly node: SpanNode;
  readonly log: SpanLog;
  readonly onOpenLog: OpenLog;
}

const PAGE_SIZE = 300;
const NANOS_PER_MILLI = 1_000_000n;

/** What the servers printed while the span and those below it ran. */
export function LogTab({ trace, node, log, onOpenLog }: LogTabProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  useTarget(
    box,
    useStore(trace.store, (state) => state.target),
  );
  const [most, setMost] = useState(PAGE_SIZE);
  const { lines, dropped, serverIds } = log;
  const running = node.span.endTime === null;
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col">
      {serverIds.length === 0 ? null : (
        <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-b border-line bg-chrome py-1 pr-1.5 pl-3 text-xs text-ink-3">
          <span className="mr-auto">Printed while this ran</span>
          {serverIds.map((id) => (
            <Button
              key={id}
              size="small"
              onClick={() => {
                onOpenLog(id);
              }}
            >
              <ScrollText size={12} aria-hidden />
              {serverIds.length === 1 ? 'Whole log' : `Log of ${id}`}
            </Button>
          ))}
        </div>
      )}
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={lines.length === 0 ? undefined : 0}>
        {lines.length === 0 && dropped === 0 ? <Nothing running={running} known={serverIds.length > 0} /> : null}
        {dropped === 0 ? null : (
          <Notice kind="info" className="m-2">
            {plural(dropped, 'more line')} came while this ran and {dropped === 1 ? 'was' : 'were'} not kept with it.
            The whole log may still have {dropped === 1 ? 'it' : 'them'}.
          </Notice>
        )}
        <ol aria-label="Lines printed while this ran" className="py-1">
          {lines.slice(0, most).map((line, index) => (
            <Line key={index} line={line} onOpenLog={onOpenLog} />
          ))}
        </ol>
        {lines.length <= most ? null : (
          <Button
            size="small"
            className="mx-3 mb-2"
            onClick={() => {
              setMost(most + PAGE_SIZE);
            }}
          >
            Show more of {plural(lines.length, 'line')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Nothing({ running, known }: { readonly running: boolean; readonly known: boolean }): ReactElement {
  if (!known) return <Quiet>No server took part in this span.</Quiet>;
  return <Quiet>The server printed nothing while this ran{running ? ', so far' : ''}.</Quiet>;
}

function Line({ line, onOpenLog }: { readonly line: SpanLogLine; readonly onOpenLog: OpenLog }): ReactElement {
  const { serverId } = line;
  const markOf = useMarkOf(line.span);
  const marks = line.findings.map((finding) => markOf({ start: finding.start, end: finding.end, finding }));
  return (
    <li
      data-path={line.findings[0]?.path}
      className="group relative flex items-start gap-2.5 pr-8 pl-3 font-mono text-xs leading-[19px] hover:bg-hover/70"
    >
      <span className="w-[64px] shrink-0 text-right text-ink-3" title={formatInstant(line.time)}>
        +{formatDuration(line.offsetMs)}
      </span>
      {line.from === 'stdout' ? (
        <span
          title="Printed on stdout, where only messages belong"
          className="mt-[2.5px] shrink-0 rounded-[3px] bg-warn-soft px-1 font-sans text-2xs text-warn"
        >
          stdout
        </span>
      ) : null}
      <span className="min-w-0 flex-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
        <MarkedText text={line.text} marks={marks} />
      </span>
      {serverId === null ? null : (
        <IconButton
          label="Show this line in the whole log"
          onClick={() => {
            onOpenLog(serverId, { at: Number(line.time / NANOS_PER_MILLI), text: line.text });
          }}
          className="absolute -top-[1px] right-1.5 h-[21px] min-w-[21px] px-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
        >
          <ScrollText size={12} aria-hidden />
        </IconButton>
      )}
    </li>
  );
}
