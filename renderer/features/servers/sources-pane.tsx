import { AppWindow, Plus } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { SeenClient } from '../../model/clients.ts';
import { hasTerm } from '../../model/query.ts';
import { IconButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';
import { ServerItem } from './server-item.tsx';
import type { ServersStore } from './store.servers.ts';

export interface SourcesPaneProps {
  readonly servers: ServersStore;
  readonly clients: readonly SeenClient[];
  readonly tracesPerServer: ReadonlyMap<string, number>;
  readonly query: string;
  readonly canManage: boolean;
  readonly onFilter: (key: 'server' | 'client', value: string) => void;
  readonly onAdd: () => void;
  readonly onConnect: () => void;
  readonly onRestart: (id: ServerId) => void;
  readonly onRemove: (id: ServerId) => void;
}

export function SourcesPane(props: SourcesPaneProps): ReactElement {
  const { servers, clients, query, canManage, onFilter, onAdd, onConnect } = props;
  const list = useStore(servers.store, (state) => state.servers);
  const loaded = useStore(servers.store, (state) => state.loaded);
  const failure = useStore(servers.store, (state) => state.failure);
  return (
    <nav aria-label="Sources" className="flex h-full min-h-0 flex-col overflow-y-auto bg-chrome pb-4">
      <Heading
        action={
          canManage ? (
            <IconButton label="Add a server" onClick={onAdd} className="-mr-1.5 h-[22px] min-w-[22px]">
              <Plus size={14} aria-hidden />
            </IconButton>
          ) : null
        }
      >
        Servers
      </Heading>
      {failure === null ? null : (
        <Notice kind="error" className="mx-3 my-1">
          {failure}
        </Notice>
      )}
      {loaded && list.length === 0 ? <Hint>None yet.</Hint> : null}
      <ul>
        {list.map((server) => (
          <ServerItem
            key={server.id}
            server={server}
            traces={props.tracesPerServer.get(server.id) ?? 0}
            filtered={hasTerm(query, 'server', server.id)}
            canManage={canManage}
            onFilter={() => {
              onFilter('server', server.id);
            }}
            onRestart={() => {
              props.onRestart(server.id);
            }}
            onRemove={() => {
              props.onRemove(server.id);
            }}
          />
        ))}
      </ul>
      {canManage || !loaded ? null : (
        <Hint>
          This page may look but not change servers. Start with <code>npm start</code> or{' '}
          <code>throughline serve --manage</code> to add them here.
        </Hint>
      )}
      <Heading
        action={
          <IconButton label="Connect a client" onClick={onConnect} className="-mr-1.5 h-[22px] min-w-[22px]">
            <Plus size={14} aria-hidden />
          </IconButton>
        }
      >
        Clients seen
      </Heading>
      {clients.length === 0 ? <Hint>None yet. A client shows here with its first call.</Hint> : null}
      <ul>
        {clients.map((client) => (
          <ClientItem
            key={client.name}
            client={client}
            filtered={hasTerm(query, 'client', client.name)}
            onFilter={() => {
              onFilter('client', client.name);
            }}
          />
        ))}
      </ul>
    </nav>
  );
}

function ClientItem(props: { client: SeenClient; filtered: boolean; onFilter: () => void }): ReactElement {
  const { client, filtered, onFilter } = props;
  return (
    <li>
      <button
        type="button"
        aria-pressed={filtered}
        title={filtered ? 'Stop filtering by this client' : 'Show only this client’s traces'}
        onClick={onFilter}
        className={`flex h-7 w-full items-center gap-2 pr-3 pl-[22px] text-left text-sm focus-visible:-outline-offset-2 ${filtered ? 'bg-selected' : 'hover:bg-hover'}`}
      >
        <AppWindow size={12} className="shrink-0 text-ink-3" aria-hidden />
        <span className="min-w-0 flex-1 truncate">
          <Visible text={client.name} />
        </span>
        <span className="text-2xs text-ink-3">{client.traces}</span>
      </button>
    </li>
  );
}

function Heading({ children, action }: { readonly children: ReactNode; readonly action: ReactNode }): ReactElement {
  return (
    <div className="flex h-9 shrink-0 items-center justify-between pt-1.5 pr-3 pl-3">
      <h2 className="label">{children}</h2>
      {action}
    </div>
  );
}

function Hint({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <p className="px-3 pb-1 text-xs text-ink-3 [&_code]:font-mono [&_code]:text-2xs [&_code]:text-ink-2">{children}</p>
  );
}
