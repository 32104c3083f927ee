import { ArrowUpToLine, CircleSlash, Pause, Play } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatBytes, formatCount, plural } from '../../model/format.ts';
import { IconButton } from '../../ui/button.tsx';
import type { TraceListStore } from './store.list.ts';

export interface LiveControlsProps {
  readonly list: TraceListStore;
  readonly connected: boolean;
  /** False: calls pass and nothing of them is recorded. */
  readonly recording: boolean;
  readonly onPause: (paused: boolean) => void;
  readonly onSettings: () => void;
}

export function LiveControls({ list, connected, recording, onPause, onSettings }: LiveControlsProps): ReactElement {
  const paused = useStore(list.store, (state) => state.pausedAt !== null);
  const fresh = useStore(list.store, (state) => state.newWhilePaused);
  const follow = useStore(list.store, (state) => state.follow);
  const state = connected ? (paused ? 'Paused' : 'Live') : 'Offline';
  const dot = connected ? (paused ? 'bg-warn' : 'bg-ok running-dot') : 'bg-error';
  return (
    <div className="flex shrink-0 items-center gap-0.5">
      <span
        role="status"
        className="flex items-center gap-1.5 pr-1.5 pl-1 text-xs font-medium whitespace-nowrap text-ink-2"
      >
        <i className={`size-[7px] rounded-full ${dot}`} aria-hidden />
        <span className="min-w-[40px] max-[399px]:sr-only">{state}</span>
        {fresh === 0 ? null : (
          <span className="rounded-full bg-warn-soft px-1.5 text-warn">+{formatCount(fresh)} new</span>
        )}
      </span>
      {recording ? null : (
        <button
          type="button"
          title="Calls pass, and nothing of them is recorded. To the settings"
          onClick={onSettings}
          className="mr-1 inline-flex h-6 items-center gap-1 rounded-full border border-warn/40 bg-warn-soft px-2 text-xs font-medium whitespace-nowrap text-ink hover:brightness-95"
        >
          <CircleSlash size={12} className="text-warn" aria-hidden />
          Not recording
        </button>
      )}
      <IconButton
        label={paused ? 'Resume (p)' : 'Pause the picture, not the recording (p)'}
        pressed={paused}
        onClick={() => {
          onPause(!paused);
        }}
      >
        {paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
      </IconButton>
      <IconButton
        label="Follow the newest (f)"
        pressed={follow}
        onClick={() => {
          list.setFollow(!follow);
        }}
      >
        <ArrowUpToLine size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

/** What is kept and what was lost: always shown, never silently lossy. */
export function KeptCount({ list }: { readonly list: TraceListStore }): ReactElement | null {
  const stats = useStore(list.store, (state) => state.shown.stats);
  const matching = useStore(list.store, (state) =>
    state.query === '' || state.queryError !== null ? null : state.shown.traces.length,
  );
  if (stats === null) return null;
  const lost = stats.evictedTraces + stats.droppedSpans + stats.droppedPayloads;
  const detail = [
    `${plural(stats.spans, 'span')}, ${formatBytes(stats.bytes)} of ${formatBytes(stats.budgetBytes)}`,
    `${plural(stats.evictedTraces, 'old trace')} made room`,
    `${plural(stats.droppedSpans, 'span')} and ${plural(stats.droppedPayloads, 'payload')} lost to full queues`,
  ].join('\n');
  return (
    <span className="shrink-0 text-xs whitespace-nowrap text-ink-3" title={detail}>
      {matching === null ? null : <span className="text-ink">{formatCount(matching)} match · </span>}
      {plural(stats.traces, 'trace')} kept ·{' '}
      <span className={lost > 0 ? 'text-warn' : ''}>{formatCount(lost)} dropped</span>
    </span>
  );
}
