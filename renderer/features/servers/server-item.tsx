import { ChevronRight, CircleCheck, CircleStop, CircleX, LoaderCircle, Moon, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ServerState, ServerView } from '../../../src/shared/domain/server.ts';
import { plural } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import { Button } from '../../ui/button.tsx';
import { Visible } from '../../ui/visible.tsx';
import { visibleText } from '../../ui/visible-text.ts';

const STATES = {
  connecting: { icon: LoaderCircle, word: 'Connecting', tint: 'text-accent running-dot' },
  connected: { icon: CircleCheck, word: 'Connected', tint: 'text-ok' },
  restarting: { icon: RotateCw, word: 'Restarting', tint: 'text-warn' },
  idle: { icon: Moon, word: 'Asleep: wakes with the next call', tint: 'text-ink-3' },
  failed: { icon: CircleX, word: 'Failed', tint: 'text-error' },
  stopped: { icon: CircleStop, word: 'Stopped', tint: 'text-ink-3' },
} as const satisfies Record<ServerState, unknown>;

export interface ServerItemProps {
  readonly server: ServerView;
  readonly traces: number;
  readonly filtered: boolean;
  readonly canManage: boolean;
  readonly onFilter: () => void;
  readonly onRestart: () => void;
  readonly onRemove: () => void;
}

export function ServerItem(props: ServerItemProps): ReactElement {
  const { server, traces, filtered, onFilter } = props;
  const [open, setOpen] = useState(false);
  const look = STATES[server.state];
  const Icon = look.icon;
  return (
    <li className={server.state === 'failed' ? 'bg-error-soft/60' : ''}>
      <div className={`group flex items-stretch ${filtered ? 'bg-selected' : 'hover:bg-hover'}`}>
        <button
          type="button"
          aria-expanded={open}
          aria-label={`${open ? 'Hide' : 'Show'} details of ${server.id}`}
          onClick={() => {
            setOpen(!open);
          }}
          className="flex w-6 shrink-0 items-center justify-center text-ink-3 hover:text-ink focus-visible:-outline-offset-2"
        >
          <ChevronRight size={13} className={open ? 'rotate-90' : ''} aria-hidden />
        </button>
        <button
          type="button"
          aria-pressed={filtered}
          title={filtered ? 'Stop filtering by this server' : 'Show only this server’s traces'}
          onClick={onFilter}
          className="min-w-0 flex-1 py-[5px] pr-3 text-left focus-visible:-outline-offset-2"
        >
          <span className="flex items-center gap-2">
            <i className="size-2 shrink-0 rounded-[2px]" style={{ background: hueVariable(server.id) }} aria-hidden />
            <span className="min-w-0 flex-1 truncate text-sm font-medium">{server.id}</span>
            {traces === 0 ? null : (
              <span className="text-2xs text-ink-3" title={plural(traces, 'trace')}>
                {traces}
              </span>
            )}
          </span>
          <span className="flex items-center gap-1 pl-4 text-xs text-ink-3">
            <Icon size={11} strokeWidth={2.4} className={`shrink-0 ${look.tint}`} aria-hidden />
            {look.word}
            {server.tools.length === 0 ? null : ` · ${plural(server.tools.length, 'tool')}`}
          </span>
        </button>
      </div>
      {server.failure === null ? null : (
        <p className="pr-3 pb-2 pl-10 text-xs text-error [overflow-wrap:anywhere]">
          <Visible text={server.failure} />
        </p>
      )}
      {open ? <ServerDetail {...props} /> : null}
    </li>
  );
}

function ServerDetail({ server, canManage, onRestart, onRemove }: ServerItemProps): ReactElement {
  const identity = [server.serverName, server.serverVersion].filter((part) => part !== null).join(' ');
  const facts = [identity, server.protocolVersion ?? '', server.pid === null ? '' : `pid ${String(server.pid)}`];
  return (
    <div className="space-y-2 border-b border-line pt-1 pr-3 pb-3 pl-6 text-xs">
      <p className="font-mono text-2xs text-ink-2 [overflow-wrap:anywhere]">
        <Visible text={server.address} />
      </p>
      {facts.some((fact) => fact !== '') ? (
        <p className="text-ink-3">
          <Visible text={facts.filter((fact) => fact !== '').join(' · ')} />
        </p>
      ) : null}
      <Tools server={server} />
      {canManage ? (
        <div className="flex gap-1.5 pt-0.5">
          <Button size="small" onClick={onRestart}>
            <RotateCw size={12} aria-hidden />
            Restart
          </Button>
          <RemoveButton onRemove={onRemove} />
        </div>
      ) : null}
    </div>
  );
}

/** Asks once more in place: removing cannot be undone. */
function RemoveButton({ onRemove }: { readonly onRemove: () => void }): ReactElement {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      size="small"
      look={asked ? 'danger' : 'outline'}
      onClick={() => {
        if (asked) onRemove();
        else setAsked(true);
      }}
      onBlur={() => {
        setAsked(false);
      }}
    >
      <Trash2 size={12} aria-hidden />
      {asked ? 'Really remove?' : 'Remove'}
    </Button>
  );
}

function Tools({ server }: { readonly server: ServerView }): ReactElement {
  const [open, setOpen] = useState(false);
  const rest = [
    server.prompts.length === 0 ? '' : plural(server.prompts.length, 'prompt'),
    server.resources.length === 0 ? '' : plural(server.resources.length, 'resource'),
  ].filter((part) => part !== '');
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-1 whitespace-nowrap text-ink-2">
        <button
          type="button"
          disabled={server.tools.length === 0}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
          className="-ml-0.5 inline-flex items-center gap-0.5 rounded pr-1 font-medium hover:text-ink disabled:font-normal"
        >
          {server.tools.length === 0 ? null : (
            <ChevronRight size={12} className={open ? 'rotate-90' : ''} aria-hidden />
          )}
          {plural(server.tools.length, 'tool')}
        </button>
        {rest.length === 0 ? null : <span className="text-ink-3">{rest.join(' · ')}</span>}
      </div>
      {open ? (
        <ul className="mt-1 max-h-[260px] space-y-1.5 overflow-auto border-l border-line pl-2.5">
          {server.tools.map((tool) => (
            <li key={tool.exposedName} title={`Clients of /mcp call it ${visibleText(tool.exposedName)}`}>
              <div className="font-mono text-2xs font-medium text-ink [overflow-wrap:anywhere]">
                <Visible text={tool.name} />
              </div>
              {tool.description === null ? null : (
                <div className="line-clamp-3 text-2xs text-ink-3">
                  <Visible text={tool.description} />
                </div>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
