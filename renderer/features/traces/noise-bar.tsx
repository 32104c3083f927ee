import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { formatCount } from '../../model/format.ts';
import { speaksOfUpkeep } from '../../model/upkeep.ts';
import { hiddenNoise, listedOfMore } from './store.list.ts';
import type { TraceListStore } from './store.list.ts';

export interface NoiseBarProps {
  readonly list: TraceListStore;
  readonly onShowNoise: (shown: boolean) => void;
}

/** Below the list, always in view: whether it leaves out what the gateway does for itself or what is older, and how much. */
export function NoiseBar({ list, onShowNoise }: NoiseBarProps): ReactElement {
  const shown = useStore(list.store, (state) => state.showNoise);
  const decided = useStore(list.store, (state) => speaksOfUpkeep(state.query));
  const hidden = useStore(list.store, hiddenNoise);
  const listed = useStore(list.store, listedOfMore);
  return (
    <footer className="flex h-[27px] shrink-0 items-center gap-2 border-t border-line bg-chrome px-3 text-xs text-ink-2">
      <label
        className="flex min-w-0 items-center gap-1.5"
        title={
          decided
            ? 'The filter says which of them to show'
            : 'What the gateway does to keep its servers and clients connected (h)'
        }
      >
        <input
          type="checkbox"
          checked={shown}
          disabled={decided}
          onChange={(event) => {
            onShowNoise(event.target.checked);
          }}
          className="shrink-0 accent-accent"
        />
        <span className="min-w-0 truncate">Show health checks, streams and news</span>
      </label>
      <span className="ml-auto shrink-0 text-ink-3" role="status">
        {listed === null ? whatIsHidden(decided, hidden) : <NewestOnly count={listed} />}
      </span>
    </footer>
  );
}

function whatIsHidden(decided: boolean, hidden: number | null): string {
  if (decided) return 'as the filter says';
  return hidden === null || hidden === 0 ? '' : `${formatCount(hidden)} hidden`;
}

function NewestOnly({ count }: { readonly count: number }): ReactElement {
  return <span title="Older traces are kept: a filter finds them.">the newest {formatCount(count)}</span>;
}
