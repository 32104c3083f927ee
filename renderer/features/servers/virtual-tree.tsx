import { useState } from 'react';
import type { KeyboardEvent, ReactElement } from 'react';
import type { ServerView } from '../../../src/shared/domain/server.ts';
import { choicesOf, ITEM_KINDS, matchingChoices, selectionOf } from '../../model/virtual-draft.ts';
import type { VirtualDraft } from '../../model/virtual-draft.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { VirtualServerRow } from './virtual-server-row.tsx';

export interface VirtualTreeProps {
  readonly servers: readonly ServerView[];
  readonly draft: VirtualDraft;
  readonly onChange: (draft: VirtualDraft) => void;
}

const ROWS = 'input[type="checkbox"], button[aria-expanded]';

/** Servers, and below each what it offers, to be ticked. The arrows walk from box to box. */
export function VirtualTree({ servers, draft, onChange }: VirtualTreeProps): ReactElement {
  const [term, setTerm] = useState('');
  const searching = term.trim() !== '';
  const shown = searching ? servers.filter((server) => hasMatch(server, draft, term)) : servers;
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROWS)];
    const next = rows[rows.findIndex((row) => row === event.target) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <section aria-label="What it offers" className="rounded-md border border-line">
      <header className="flex items-center gap-3 border-b border-line bg-chrome px-3 py-1.5">
        <h3 className="label">What it offers</h3>
        <SearchBox
          value={term}
          onChange={setTerm}
          label="Find a tool, prompt or resource"
          placeholder="Find a tool, prompt or resource"
          className="ml-auto w-[230px] min-w-0"
        />
      </header>
      <div onKeyDown={onKey} className="min-h-[120px]">
        {shown.map((server) => (
          <VirtualServerRow key={server.id} server={server} draft={draft} term={term} onChange={onChange} />
        ))}
        {shown.length > 0 ? null : (
          <p className="px-3 py-4 text-xs text-ink-3">
            {searching ? `Nothing of any server matches “${term.trim()}”.` : 'There are no servers to choose from.'}
          </p>
        )}
      </div>
    </section>
  );
}

function hasMatch(server: ServerView, draft: VirtualDraft, term: string): boolean {
  return ITEM_KINDS.some(
    (kind) => matchingChoices(choicesOf(server, kind, selectionOf(draft, server.id, kind)), term).length > 0,
  );
}
