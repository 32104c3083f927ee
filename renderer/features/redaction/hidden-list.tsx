import { Route } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Finding, PayloadDirection } from '../../../src/shared/domain/redacted.ts';
import { findingTag, lengthWords, shortHash } from '../../model/finding.ts';
import { plural } from '../../model/format.ts';
import { placeWords } from '../../model/finding-path.ts';
import { Breakable } from '../../ui/breakable.tsx';
import { Button } from '../../ui/button.tsx';
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

const PAGE_SIZE = 200;
/** A path may break after its dots and underscores, so that its words stay whole. */
const AFTER_WORD = /(?<=[._\]])/;

/** What was hidden, each with its place, which a click leads to. */
export function HiddenList(props: HiddenListProps): ReactElement {
  const { redaction, hidden, canManage, onGoTo, onFollow } = props;
  const [most, setMost] = useState(PAGE_SIZE);
  const isRevealing = useStore(redaction.store, ({ feed }) => (feed?.revealingSince ?? null) !== null);
  return (
    <>
      <ul aria-label="Hidden here">
        {hidden.slice(0, most).map((placed, index) => (
          <li
            key={index}
            className="flex flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-line/60 py-1 pr-1.5 pl-3 text-2xs @max-[559px]:pb-1.5 text-ink-3 hover:bg-hover/70"
          >
            <HiddenPlace
              placed={placed}
              onGoTo={() => {
                onGoTo(placed);
              }}
            />
            <p className="order-2 flex min-w-0 basis-full flex-wrap gap-x-3 @min-[560px]:order-1 @min-[560px]:grid @min-[560px]:basis-auto @min-[560px]:grid-cols-[118px_96px_58px]">
              <span className="text-mask">{findingTag(placed.finding)}</span>
              <span>{lengthWords(placed.finding.length)}</span>
              <code className="font-mono" title="The keyed hash by which the same secret is known again in this run">
                #{shortHash(placed.finding.hash)}
              </code>
            </p>
            <Button
              size="small"
              look="quiet"
              className="order-1"
              title="Where else this secret was met"
              onClick={() => {
                onFollow(placed.finding.hash);
              }}
            >
              <Route size={12} aria-hidden />
              Follow
            </Button>
            {isRevealing && canManage ? (
              <ShowSecret api={redaction.api} hash={placed.finding.hash} className="order-1 mr-1.5 -ml-2" />
            ) : null}
          </li>
        ))}
      </ul>
      {hidden.length <= most ? null : (
        <Button
          size="small"
          className="m-2"
          onClick={() => {
            setMost(most + PAGE_SIZE);
          }}
        >
          Show more of {plural(hidden.length, 'place')}
        </Button>
      )}
    </>
  );
}

function HiddenPlace({ placed, onGoTo }: { placed: PlacedFinding; onGoTo: () => void }): ReactElement {
  const { part, name } = placeWords(placed.direction, placed.finding.path);
  return (
    <button
      type="button"
      title="Go to the place"
      onClick={onGoTo}
      className="min-w-0 flex-1 text-left text-xs text-ink [overflow-wrap:anywhere] hover:underline"
    >
      <span className="text-ink-3">{part}</span>{' '}
      <span className="font-mono">
        <Breakable text={name} at={AFTER_WORD} />
      </span>
    </button>
  );
}
