import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import { formatClockMillis } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import { RescrubControl } from './rescrub.tsx';
import { REVEAL_IDLE_MINUTES } from './store.redaction.ts';
import type { RedactionStore } from './store.redaction.ts';

export interface StoredSectionProps {
  readonly redaction: RedactionStore;
  readonly canManage: boolean;
  readonly onStopRevealing: () => void;
}

/** What is done to what is stored already, and the one way to see what was hidden. */
export function StoredSection({ redaction, canManage, onStopRevealing }: StoredSectionProps): ReactElement {
  const since = useStore(redaction.store, ({ feed }) => feed?.revealingSince ?? null);
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <div className="grid max-w-[980px] items-start gap-4 min-[760px]:grid-cols-2">
        <Card title="What is stored">
          <p className="mb-3 text-sm text-ink-2">
            Rules apply to what is recorded from now on. Going through what is stored applies them to older traces as
            well. What was hidden once stays hidden, also when its rule is turned off: it was never kept.
          </p>
          <RescrubControl redaction={redaction} canManage={canManage} />
        </Card>
        <Card title="Seeing secrets">
          <p className="mb-3 text-sm text-ink-2">
            To find out what a mask stands for, the gateway can keep secrets in its memory for a while. It keeps only
            those it hides while this is on, writes them nowhere, and exports never have them. It forgets them once none
            was shown for {REVEAL_IDLE_MINUTES} minutes.
          </p>
          {since === null ? (
            <Button
              look="danger"
              disabled={!canManage}
              onClick={() => {
                redaction.store.setState({ revealAsked: true });
              }}
            >
              Keep secrets in memory…
            </Button>
          ) : (
            <div className="flex flex-wrap items-center gap-3">
              <Button look="solid" onClick={onStopRevealing} disabled={!canManage}>
                Stop and forget them
              </Button>
              <span className="text-xs text-ink-2">On since {formatClockMillis(since).slice(0, 5)}.</span>
            </div>
          )}
        </Card>
      </div>
    </div>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-raised p-4">
      <h2 className="mb-1 text-sm font-semibold">{title}</h2>
      {children}
    </section>
  );
}
