import { useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { RescrubState } from '../../../src/shared/contract/messages.ts';
import { describeFailure } from '../../bridge/failure.ts';
import { formatCount, plural } from '../../model/format.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { RedactionStore } from './store.redaction.ts';

const NOT_YET: RescrubState = { isRunning: false, done: 0, total: 0, newlyHidden: null, isAdvised: false };

export interface RescrubControlProps {
  readonly redaction: RedactionStore;
  readonly canManage: boolean;
  /** Why it should be done stands above it already. */
  readonly isExplained?: boolean;
}

/** Begins going through what is stored, and says how far it has come and what came of it. */
export function RescrubControl({ redaction, canManage, isExplained = false }: RescrubControlProps): ReactElement {
  const rescrub = useStore(redaction.store, ({ feed }) => feed?.rescrub ?? NOT_YET);
  const [complaint, setComplaint] = useState<string | null>(null);
  const begin = (): void => {
    setComplaint(null);
    redaction.api.redaction.rescrub().catch((thrown: unknown) => {
      setComplaint(describeFailure(thrown).message);
    });
  };
  return (
    <div className="space-y-2.5">
      {complaint === null ? null : <Notice kind="error">{complaint}</Notice>}
      {rescrub.isRunning ? (
        <Progress rescrub={rescrub} />
      ) : (
        <>
          {rescrub.isAdvised && isExplained ? null : <Outcome rescrub={rescrub} />}
          <Button look={rescrub.isAdvised ? 'solid' : 'outline'} disabled={!canManage} onClick={begin}>
            Go through what is stored
          </Button>
        </>
      )}
    </div>
  );
}

/** The same where a rule was just saved. */
export function RescrubOffer({ redaction }: { readonly redaction: RedactionStore }): ReactElement {
  return (
    <section aria-label="What is stored">
      <p className="mb-2.5 text-sm text-ink-2">
        What was recorded before is as it was. Go through it too, and what the rules now hide is taken out for good.
      </p>
      <RescrubControl redaction={redaction} canManage isExplained />
    </section>
  );
}

function Progress({ rescrub: { done, total } }: { readonly rescrub: RescrubState }): ReactElement {
  const share = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <div>
      <div
        role="progressbar"
        aria-label="Going through what is stored"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <i className="block h-full rounded-full bg-accent" style={{ width: `${String(share * 100)}%` }} />
      </div>
      <p className="mt-1 text-xs text-ink-2">
        {formatCount(done)} of {plural(total, 'trace')}
      </p>
    </div>
  );
}

function Outcome({ rescrub: { newlyHidden, isAdvised, total } }: { readonly rescrub: RescrubState }): ReactElement {
  if (isAdvised) {
    return (
      <Notice kind="warn">
        The rules have become stricter since everything stored was last gone through. Older traces may still show what
        is hidden now.
      </Notice>
    );
  }
  if (newlyHidden === null)
    return <p className="text-xs text-ink-3">Everything stored was recorded under these rules.</p>;
  const found = newlyHidden === 0 ? 'Nothing more had to be hidden' : `${plural(newlyHidden, 'more value')} hidden`;
  return (
    <p role="status" className="text-xs text-ink-2">
      Done: {found}
      {total === 0 ? '' : ` in ${plural(total, 'trace')}`}.
    </p>
  );
}
