import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';

export interface FoldProps {
  readonly label: string;
  /** What is inside, in a few words; shown while it is closed. */
  readonly hint: string;
  readonly startsOpen: boolean;
  /** It cannot be closed, since something inside has to be seen. */
  readonly mustBeOpen: boolean;
  readonly children: ReactNode;
}

/** A part of a form that most people need no word of. */
export function Fold({ label, hint, startsOpen, mustBeOpen, children }: FoldProps): ReactElement {
  const [wanted, setOpen] = useState(startsOpen);
  const open = wanted || mustBeOpen;
  const id = useId();
  return (
    <section className="rounded-md border border-line">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setOpen(!open);
        }}
        className="flex h-8 w-full items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-2 hover:bg-hover hover:text-ink"
      >
        <ChevronRight size={13} className={open ? 'rotate-90' : ''} aria-hidden />
        {label}
        {open ? null : <span className="min-w-0 truncate font-normal text-ink-3">{hint}</span>}
      </button>
      {open ? (
        <div id={id} className="space-y-3.5 border-t border-line px-3 pt-3 pb-3.5">
          {children}
        </div>
      ) : null}
    </section>
  );
}
