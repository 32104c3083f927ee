import { AppWindow, Plus } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ServerId } from '../../../src/shared/domain/ids.ts';
import type { SeenClient } from '../../model/clients.ts';
import { hasTerm } from '../../model/query.ts';
import { IconButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Visible } from '../../ui/visible.tsx';
import { EraWord } from './era-word.tsx';
import { ServerItem } from './server-item.tsx';
import type { ServersStore } from './store.servers.ts';
import { VirtualItem } from './virtual-item.tsx';

export interface SourcesPaneProps {
  readonly servers: ServersStore;
  readonly clients: readonly SeenClient[];
  readonly tracesPerServer: ReadonlyMap<string, number>;
  readonly query: string;
  readonly origin: string;
  readonly canManage: boolean;
  readonly onFilter: (key: 'server' | 'client', value: string) => void;
  readonly onAdd: () => void;
  readonly onConnect: () => void;
  readonly onRestart: (id: ServerId) => void;
  readonly onStop: (id: ServerId) => void;
  readonly onRemove: (id: ServerId) => void;
  readonly onLog: (id: ServerId) => void;
  /** Null begins a new one. */
  readonly onEditVirtual: (id: ServerId | null) => void;
  readonly onRemoveVirtual: (id: ServerId) => void;
}

export function SourcesPane(props: SourcesPaneProps): ReactElement {
  const { servers, canManage, onAdd } = props;
  const loaded = useStore(servers.store, (state) => state.loaded);
  const failure = useStore(servers.store, (state) => state.failure);
  return (
    <nav aria-label="Sources" className="flex h-full min-h-0 flex-col overflow-y-auto bg-chrome pb-4">
      <Heading action={canManage ? <AddButton label="Add a server" onClick={onAdd} /> : null}>Servers</Heading>
      {failure === null ? null : (
        <Notice kind="error" className="mx-3 my-1">
          {failure}
        </Notice>
      )}
      <ServerList {...props} />
      {canManage || !loaded ? null : (
        <Hint>
          This page may look but not change servers. Start with <code>npm start</code> or{' '}
          <code>throughline serve --manage</code> to add them here.
        </Hint>
      )}
      <VirtualServers {...props} />
      <Clients {...props} />
    </nav>
  );
}

function ServerList(props: SourcesPaneProps): ReactElement {
  const { servers, query, origin, canManage } = props;
  const list = useStore(servers.store, (state) => state.servers);
  const loaded = useStore(servers.store, (state) => state.loaded);
  if (loaded && list.length === 0) return <Hint>None yet.</Hint>;
  return (
    <ul aria-label="Servers">
      {list.map((server) => (
        <ServerItem
          key={server.id}
          server={server}
          origin={origin}
          traces={props.tracesPerServer.get(server.id) ?? 0}
          filtered={hasTerm(query, 'server', server.id)}
          canManage={canManage}
          onFilter={() => {
            props.onFilter('server', server.id);
          }}
          onRestart={() => {
            props.onRestart(server.id);
          }}
          onStop={() => {
            props.onStop(server.id);
          }}
          onRemove={() => {
            props.onRemove(server.id);
          }}
          onLog={() => {
            props.onLog(server.id);
          }}
        />
      ))}
    </ul>
  );
}

/** Left out where there are none and none can be made. */
function VirtualServers(props: SourcesPaneProps): ReactElement | null {
  const { servers, origin, canManage, onEditVirtual, onRemoveVirtual } = props;
  const list = useStore(servers.store, (state) => state.virtualServers);
  const possible = useStore(servers.store, (state) => state.servers.length > 0);
  if (list.length === 0 && !(canManage && possible)) return null;
  return (
    <>
      <Heading
        action={
          canManage ? (
            <AddButton
              label="Add a virtual server"
              onClick={() => {
                onEditVirtual(null);
              }}
            />
          ) : null
        }
      >
        Virtual servers
      </Heading>
      {list.length === 0 ? <Hint>None. One offers a chosen part of the servers at an address of its own.</Hint> : null}
      <ul aria-label="Virtual servers">
        {list.map((virtual) => (
          <VirtualItem
            key={virtual.id}
            virtual={virtual}
            origin={origin}
            canManage={canManage}
            onEdit={() => {
              onEditVirtual(virtual.id);
            }}
            onRemove={() => {
              onRemoveVirtual(virtual.id);
            }}
          />
        ))}
      </ul>
    </>
  );
}

function Clients({ clients, query, onFilter, onConnect }: SourcesPaneProps): ReactElement {
  return (
    <>
      <Heading action={<AddButton label="Connect a client" onClick={onConnect} />}>Clients seen</Heading>
      {clients.length === 0 ? <Hint>None yet. A client shows here with its first call.</Hint> : null}
      <ul aria-label="Clients seen">
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
    </>
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
        <EraWord versions={client.protocols} />
        <span className="min-w-4 text-right text-2xs text-ink-3">{client.traces}</span>
      </button>
    </li>
  );
}

function AddButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }): ReactElement {
  return (
    <IconButton label={label} onClick={onClick} className="-mr-1.5 h-[22px] min-w-[22px]">
      <Plus size={14} aria-hidden />
    </IconButton>
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
