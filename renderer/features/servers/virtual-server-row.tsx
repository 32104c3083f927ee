import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ServerView } from '../../../src/shared/domain/server.ts';
import { formatCount, plural } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import {
  choicesOf,
  chosenOf,
  includes,
  ITEM_KINDS,
  matchingChoices,
  selectionOf,
  toggled,
  withSelection,
  withWholeServer,
} from '../../model/virtual-draft.ts';
import type { Choice, ItemKind, VirtualDraft } from '../../model/virtual-draft.ts';
import { Visible } from '../../ui/visible.tsx';

export interface VirtualServerRowProps {
  readonly server: ServerView;
  readonly draft: VirtualDraft;
  readonly term: string;
  readonly onChange: (draft: VirtualDraft) => void;
}

/** One server of the tree; open while something is searched for. */
export function VirtualServerRow({ server, draft, term, onChange }: VirtualServerRowProps): ReactElement {
  const [unfolded, setUnfolded] = useState(draft.members.has(server.id));
  const open = unfolded || term.trim() !== '';
  const { chosen, offered, later } = chosenOf(draft, server);
  const whole = ITEM_KINDS.every((kind) => selectionOf(draft, server.id, kind) === 'all');
  return (
    <div className="border-b border-line/60 last:border-b-0">
      <div className="flex h-8 items-center gap-2 pr-3 pl-2 hover:bg-hover">
        <button
          type="button"
          aria-expanded={open}
          aria-label={`${open ? 'Hide' : 'Show'} what ${server.id} offers`}
          onClick={() => {
            setUnfolded(!open);
          }}
          className="flex size-5 shrink-0 items-center justify-center rounded text-ink-3 hover:text-ink"
        >
          <ChevronRight size={13} className={open ? 'rotate-90' : ''} aria-hidden />
        </button>
        <label className="flex min-w-0 flex-1 items-center gap-2 text-sm font-medium">
          <Tick
            checked={whole}
            partly={!whole && (chosen > 0 || later)}
            onChange={(next) => {
              onChange(withWholeServer(draft, server.id, next));
              if (next) setUnfolded(true);
            }}
          />
          <i className="size-2 shrink-0 rounded-[2px]" style={{ background: hueVariable(server.id) }} aria-hidden />
          <span className="min-w-0 truncate">{server.id}</span>
          {server.state === 'connected' || server.state === 'idle' ? null : (
            <span className="text-xs font-normal text-ink-3">not connected now</span>
          )}
        </label>
        <span className="shrink-0 text-xs text-ink-3">
          {chosen === 0 && !later
            ? `${formatCount(offered)} offered`
            : `${formatCount(chosen)} of ${formatCount(offered)}`}
        </span>
      </div>
      {open ? (
        <div className="pb-2 pl-[38px]">
          {ITEM_KINDS.map((kind) => (
            <KindGroup key={kind} kind={kind} server={server} draft={draft} term={term} onChange={onChange} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

const TITLES: Readonly<Record<ItemKind, string>> = { tools: 'tools', prompts: 'prompts', resources: 'resources' };
/** More boxes than this serve nobody: the search narrows them. */
const MOST_CHOICES = 200;

function KindGroup({ kind, server, draft, term, onChange }: VirtualServerRowProps & { kind: ItemKind }): ReactElement {
  const selection = selectionOf(draft, server.id, kind);
  const choices = choicesOf(server, kind, selection);
  const shown = matchingChoices(choices, term);
  const searching = term.trim() !== '';
  const choose = (next: typeof selection): void => {
    onChange(withSelection(draft, server.id, kind, next));
  };
  if (searching && shown.length === 0) return <></>;
  return (
    <fieldset className="mt-1 min-w-0">
      <legend className="sr-only">{`${TITLES[kind]} of ${server.id}`}</legend>
      <label className="flex min-h-6 items-center gap-2 pr-3 text-xs">
        <Tick
          checked={selection === 'all'}
          partly={selection !== 'all' && selection.length > 0}
          onChange={(next) => {
            choose(next ? 'all' : []);
          }}
        />
        <span className="font-medium">All {TITLES[kind]}</span>
        <span className="text-ink-3">{formatCount(server[kind].length)} now, and what comes later</span>
      </label>
      <div className="pl-[22px]">
        {shown.slice(0, MOST_CHOICES).map((choice) => (
          <ChoiceRow
            key={choice.name}
            choice={choice}
            chosen={includes(selection, choice.name)}
            onToggle={() => {
              choose(
                toggled(
                  selection,
                  choice.name,
                  server[kind].map((each) => each.name),
                ),
              );
            }}
          />
        ))}
        {shown.length <= MOST_CHOICES ? null : (
          <p className="py-1 text-xs text-ink-3">
            {plural(shown.length - MOST_CHOICES, 'more', 'more')}: search to find one of them.
          </p>
        )}
      </div>
    </fieldset>
  );
}

interface ChoiceRowProps {
  readonly choice: Choice;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

function ChoiceRow({ choice, chosen, onToggle }: ChoiceRowProps): ReactElement {
  return (
    <label className="flex min-h-6 items-center gap-2 rounded py-0.5 pr-3 text-xs hover:bg-hover">
      <Tick checked={chosen} partly={false} onChange={onToggle} />
      <span className={`max-w-[55%] min-w-0 shrink-0 truncate font-mono text-2xs ${choice.offered ? '' : 'text-warn'}`}>
        <Visible text={choice.exposedName} />
      </span>
      <span className="min-w-0 truncate text-ink-3">
        {choice.offered ? (
          choice.description === null ? null : (
            <Visible text={choice.description} />
          )
        ) : (
          'not offered now'
        )}
      </span>
    </label>
  );
}

interface TickProps {
  readonly checked: boolean;
  /** Some of what it stands for is chosen. */
  readonly partly: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Tick({ checked, partly, onChange }: TickProps): ReactElement {
  return (
    <input
      type="checkbox"
      checked={checked}
      ref={(box) => {
        if (box !== null) box.indeterminate = partly;
      }}
      onChange={(event) => {
        onChange(event.target.checked);
      }}
      className="m-0 shrink-0 accent-accent"
    />
  );
}
