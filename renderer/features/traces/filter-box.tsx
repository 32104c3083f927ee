import { CircleAlert, Search, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { Visible } from '../../ui/visible.tsx';
import type { TraceListStore } from './store.list.ts';

export const FILTER_ELEMENT_ID = 'filter';

export interface FilterBoxProps {
  readonly list: TraceListStore;
  /** Esc in an empty box, and Enter, give the focus back to the list. */
  readonly onLeave: () => void;
  /** What is typed is about the list, which may not be in view. */
  readonly onEnter: () => void;
}

export function FilterBox({ list, onLeave, onEnter }: FilterBoxProps): ReactElement {
  const typed = useStore(list.store, (state) => state.typed);
  const error = useStore(list.store, (state) => state.queryError);
  const invalid = error !== null;
  return (
    <div className="relative min-w-0 flex-1">
      <div
        className={`flex h-[30px] items-center gap-2 rounded-[5px] border bg-raised pr-1 pl-2.5 ${invalid ? 'border-error' : 'border-line-strong focus-within:border-accent'}`}
      >
        <Search size={14} className="shrink-0 text-ink-3" aria-hidden />
        <input
          id={FILTER_ELEMENT_ID}
          type="text"
          value={typed}
          spellCheck={false}
          autoComplete="off"
          aria-label="Filter traces"
          aria-invalid={invalid}
          aria-describedby={invalid ? 'filter-error' : undefined}
          placeholder="Filter: tool:echo  status:error  dur:>500ms  redacted:>0  era:legacy"
          onChange={(event) => {
            onEnter();
            list.typeQuery(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              list.setQuery(typed);
              onLeave();
            }
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            if (typed === '') onLeave();
            else list.setQuery('');
          }}
          className="h-full min-w-0 flex-1 bg-transparent font-mono text-xs text-ink outline-none placeholder:font-sans placeholder:text-ink-3"
        />
        {typed === '' ? (
          <kbd className="mr-1 hidden h-[18px] min-w-[18px] items-center justify-center rounded border border-line px-1 font-mono text-2xs text-ink-3 sm:flex">
            /
          </kbd>
        ) : (
          <button
            type="button"
            aria-label="Clear the filter"
            title="Clear the filter (Esc)"
            onClick={() => {
              list.setQuery('');
            }}
            className="flex size-[22px] items-center justify-center rounded text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X size={13} aria-hidden />
          </button>
        )}
      </div>
      {error === null ? null : (
        <p
          id="filter-error"
          role="alert"
          className="absolute top-[calc(100%+4px)] right-0 left-0 z-30 flex items-start gap-1.5 rounded-md border border-error/40 bg-error-soft px-2.5 py-1.5 text-xs text-ink shadow-lg"
        >
          <CircleAlert size={13} className="mt-[1.5px] shrink-0 text-error" aria-hidden />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <Visible text={error} />
          </span>
        </p>
      )}
    </div>
  );
}
