import { Route } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Finding, PayloadDirection } from '../../../src/shared/domain/redacted.ts';
import { lengthWords, shortHash } from '../../model/finding.ts';
import { placeWords } from '../../model/finding-path.ts';
import { Button } from '../../ui/button.tsx';
import { Visible } from '../../ui/visible.tsx';
import { ShowSecret } from './show-secret.tsx';
import type { RedactionStore } from './store.redaction.ts';

export interface PlacedFinding {
  /** Null: on the span itself. */
  readonly direction: PayloadDirection | null;
  readonly finding: Finding;
}

export interface HiddenListProps {
  readonly redaction: RedactionStore;
  readonly hidden: readonly PlacedFinding[];
  readonly canManage: boolean;
  readonly onGoTo: (placed: PlacedFinding) => void;
  readonly onFollow: (hash: string) => void;
}

/** What was hidden, each with its place, which a click leads to. */
export function HiddenList(props: HiddenListProps): ReactElement {
  const { redaction, hidden, canManage, onGoTo, onFollow } = props;
  const isRevealing = useStore(redaction.store, ({ feed }) => (feed?.revealingSince ?? null) !== null);
  return (
    <ul aria-label="Hidden here">
      {hidden.map((placed, index) => (
        <li key={index} className="border-b border-line/60 px-3 py-1.5 hover:bg-hover/70">
          <HiddenPlace
            placed={placed}
            onGoTo={() => {
              onGoTo(placed);
            }}
          />
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-2xs text-ink-3">
            <span className="text-mask">{placed.finding.rule}</span>
            <span>{placed.finding.kind}</span>
            <span>{lengthWords(placed.finding.length)}</span>
            <code className="font-mono" title="The keyed hash by which the same secret is known again in this run">
              #{shortHash(placed.finding.hash)}
            </code>
            <span className="ml-auto flex flex-wrap justify-end gap-1">
              <Button
                size="small"
                look="quiet"
                className="-my-0.5 -mr-1.5"
                onClick={() => {
                  onFollow(placed.finding.hash);
                }}
              >
                <Route size={12} aria-hidden />
                Follow
              </Button>
            </span>
            {isRevealing && canManage ? <ShowSecret api={redaction.api} hash={placed.finding.hash} /> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}

function HiddenPlace({ placed, onGoTo }: { placed: PlacedFinding; onGoTo: () => void }): ReactElement {
  const { part, name } = placeWords(placed.direction, placed.finding.path);
  return (
    <button
      type="button"
      title="Go to the place"
      onClick={onGoTo}
      className="block max-w-full text-left text-xs [overflow-wrap:anywhere] hover:underline"
    >
      <span className="text-ink-3">{part}</span>{' '}
      <span className="font-mono">
        <Visible text={name} />
      </span>
    </button>
  );
}
