import { ChevronRight, CircleCheck, CircleStop, CircleX, LoaderCircle, Moon, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ReactElement } from 'react';
import type { ServerState, ServerView } from '../../../src/shared/domain/server.ts';
import { plural } from '../../model/format.ts';
import { hueVariable } from '../../model/owner.ts';
import { spokenProtocols, startWord, stateWords } from '../../model/server-state.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Visible } from '../../ui/visible.tsx';
import { EraWord } from './era-word.tsx';
import { ServerDetail } from './server-detail.tsx';
import type { ServerActions } from './server-detail.tsx';

const STATES = {
  connecting: { icon: LoaderCircle, tint: 'text-accent running-dot', ground: '' },
  connected: { icon: CircleCheck, tint: 'text-ok', ground: '' },
  restarting: { icon: RotateCw, tint: 'text-warn', ground: 'bg-warn-soft/60' },
  idle: { icon: Moon, tint: 'text-ink-3', ground: '' },
  failed: { icon: CircleX, tint: 'text-error', ground: 'bg-error-soft/60' },
  stopped: { icon: CircleStop, tint: 'text-ink-3', ground: '' },
} as const satisfies Record<ServerState, unknown>;

export interface ServerItemProps extends ServerActions {
  readonly server: ServerView;
  readonly origin: string;
  readonly traces: number;
  readonly filtered: boolean;
  readonly canManage: boolean;
  readonly onFilter: () => void;
}

export function ServerItem(props: ServerItemProps): ReactElement {
  const { server, traces, filtered, canManage, onFilter, onRestart } = props;
  const [open, setOpen] = useState(false);
  return (
    <li className={STATES[server.state].ground}>
      <div className={`flex items-stretch ${filtered ? 'bg-selected' : 'hover:bg-hover'}`}>
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
          <StateLine server={server} />
        </button>
        {canManage && (server.state === 'stopped' || server.state === 'failed') ? (
          <Button
            size="small"
            className="mr-3 -ml-1 self-center"
            onClick={onRestart}
            aria-label={`${startWord(server.state) ?? 'Start'}: ${server.id}`}
          >
            {startWord(server.state)}
          </Button>
        ) : null}
      </div>
      {server.failure === null ? null : (
        <p
          className={`pr-3 pb-2 pl-10 text-xs [overflow-wrap:anywhere] ${server.state === 'failed' ? 'text-error' : 'text-ink-2'}`}
        >
          <Visible text={server.failure} />
        </p>
      )}
      {open ? <ServerDetail {...props} /> : null}
    </li>
  );
}

function StateLine({ server }: { readonly server: ServerView }): ReactElement {
  const { icon: Icon, tint } = STATES[server.state];
  const now = useNow(server.state === 'restarting');
  return (
    <span className="flex items-start gap-1 pl-4 text-xs text-ink-3">
      <Icon size={11} strokeWidth={2.4} className={`mt-[2.5px] shrink-0 ${tint}`} aria-hidden />
      <span className="min-w-0 flex-1">
        {stateWords(server, now)}
        {server.state !== 'connected' || server.tools.length === 0 ? null : ` · ${plural(server.tools.length, 'tool')}`}
      </span>
      <EraWord versions={spokenProtocols(server)} />
    </span>
  );
}
