import { Plus } from 'lucide-react';
import type { ReactElement } from 'react';
import type { Hint, PlacedHint } from '../../../src/shared/domain/redaction.ts';
import { excerpt, placeWords } from '../../model/finding-path.ts';
import { Button } from '../../ui/button.tsx';
import { Visible } from '../../ui/visible.tsx';

export interface ShownHint {
  readonly hint: Hint;
  readonly direction: PlacedHint['direction'];
  /** The text in which it stands; null when that could not be had. */
  readonly text: string | null;
}

export interface HintListProps {
  readonly hints: readonly ShownHint[];
  /** False: the page may not change rules. */
  readonly canManage: boolean;
  /** Null where there is no place to go to. */
  readonly onGoTo: ((shown: ShownHint) => void) | null;
  readonly onAdd: (hint: Hint) => void;
}

/** What looks like a secret and was not hidden, each with the rule that would hide it. */
export function HintList({ hints, canManage, onGoTo, onAdd }: HintListProps): ReactElement {
  return (
    <ul aria-label="Likely missed">
      {hints.map((shown, index) => (
        <li key={index} className="border-b border-line/60 px-3 py-2 hover:bg-hover/70">
          <div className="flex items-start gap-2">
            <p className="min-w-0 flex-1 text-xs">{shown.hint.sentence}</p>
            <Button
              size="small"
              disabled={!canManage}
              title={canManage ? undefined : 'This page may look but not change rules.'}
              onClick={() => {
                onAdd(shown.hint);
              }}
            >
              <Plus size={12} aria-hidden />
              Add rule…
            </Button>
          </div>
          {shown.text === null ? null : <InPlace text={shown.text} hint={shown.hint} />}
          <Where shown={shown} onGoTo={onGoTo} />
        </li>
      ))}
    </ul>
  );
}

function InPlace({ text, hint }: { readonly text: string; readonly hint: Hint }): ReactElement {
  const { before, text: found, after } = excerpt(text, hint.start, hint.end);
  return (
    <p className="mt-1 font-mono text-xs text-ink-3 [overflow-wrap:anywhere]">
      <Visible text={before} />
      <mark className="suspect">
        <Visible text={found} />
      </mark>
      <Visible text={after} />
    </p>
  );
}

function Where({ shown, onGoTo }: { shown: ShownHint; onGoTo: HintListProps['onGoTo'] }): ReactElement | null {
  if (onGoTo === null) return null;
  const { part, name } = placeWords(shown.direction, shown.hint.path);
  return (
    <button
      type="button"
      title="Go to the place"
      onClick={() => {
        onGoTo(shown);
      }}
      className="mt-0.5 text-left text-2xs text-ink-3 [overflow-wrap:anywhere] hover:text-ink hover:underline"
    >
      {part} <Visible text={name} />
    </button>
  );
}
