import { ChevronRight, Layers, Pencil } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { VirtualServerView } from '../../../src/shared/domain/virtual-server.ts';
import { plural } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import { memberWords } from '../../model/virtual-draft.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Visible } from '../../ui/visible.tsx';
import { EndpointLine } from './endpoint-line.tsx';

export interface VirtualItemProps {
  readonly virtual: VirtualServerView;
  readonly origin: string;
  readonly canManage: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

export function VirtualItem(props: VirtualItemProps): ReactElement {
  const { virtual } = props;
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-label={`${open ? 'Hide' : 'Show'} details of ${virtual.id}`}
        onClick={() => {
          setOpen(!open);
        }}
        className="flex w-full items-start py-[5px] pr-3 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex h-[18px] w-6 shrink-0 items-center justify-center text-ink-3">
          <ChevronRight size={13} className={open ? 'rotate-90' : ''} aria-hidden />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            <Layers size={12} className="-ml-0.5 shrink-0 text-ink-3" aria-hidden />
            <span className="min-w-0 truncate text-sm font-medium">{virtual.id}</span>
          </span>
          <span className="block pl-4 text-xs text-ink-3">{countWords(virtual)}</span>
        </span>
      </button>
      {open ? <VirtualDetail {...props} /> : null}
    </li>
  );
}

/** What its clients see right now. */
function countWords({ tools, prompts, resources }: VirtualServerView): string {
  const parts = [
    tools === 0 ? '' : plural(tools, 'tool'),
    prompts === 0 ? '' : plural(prompts, 'prompt'),
    resources === 0 ? '' : plural(resources, 'resource'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Nothing right now' : parts.join(' · ');
}

function VirtualDetail({ virtual, origin, canManage, onEdit, onRemove }: VirtualItemProps): ReactElement {
  return (
    <div className="space-y-2 border-b border-line pt-1 pr-3 pb-3 pl-6 text-xs">
      {virtual.description === null ? null : (
        <p className="text-ink-2 [overflow-wrap:anywhere]">
          <Visible text={virtual.description} keep="line-breaks" />
        </p>
      )}
      <EndpointLine origin={origin} id={virtual.id} />
      <ul aria-label="Members" className="space-y-0.5">
        {virtual.members.map((member) => (
          <li key={member.serverId} className="flex items-baseline gap-1.5">
            <i
              className="size-2 shrink-0 rounded-[2px]"
              style={{ background: hueVariable(member.serverId) }}
              aria-hidden
            />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {member.serverId} <span className="text-ink-3">{memberWords(member)}</span>
            </span>
          </li>
        ))}
      </ul>
      {canManage ? (
        <div className="flex flex-wrap gap-1.5 pt-0.5">
          <Button size="small" onClick={onEdit}>
            <Pencil size={11} aria-hidden />
            Edit
          </Button>
          <ConfirmButton word="Delete" question="Really delete?" onConfirm={onRemove} />
        </div>
      ) : null}
    </div>
  );
}
