import { useCallback } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Group, Panel } from 'react-resizable-panels';
import { useStore } from 'zustand';
import type { TraceId } from '../../src/shared/domain/ids.ts';
import { StartScreen } from '../features/start/start-screen.tsx';
import { WaitingScreen } from '../features/start/waiting-screen.tsx';
import { isUpkeep } from '../model/sentence.ts';
import { TraceList } from '../features/traces/trace-list.tsx';
import { TracePane } from '../features/traces/trace-pane.tsx';
import { Button } from '../ui/button.tsx';
import { SplitHandle } from '../ui/split.tsx';
import type { Commands } from './commands.ts';
import { useEndpoints } from './use-endpoints.ts';
import type { Session } from './session.ts';
import type { PrefsStore } from './store.prefs.ts';

export interface WorkspaceProps {
  readonly session: Session;
  readonly prefs: PrefsStore;
  readonly commands: Commands;
  readonly sources: ReactNode | null;
  readonly detailBeside: boolean;
  /** Too narrow for list and trace side by side. */
  readonly onePane: boolean;
}

export function Workspace(props: WorkspaceProps): ReactElement {
  const { session, prefs, sources, onePane, detailBeside } = props;
  const open = useStore(session.trace.store, (state) => state.traceId !== null);
  const start = useStartScreen(session);
  const waiting = useWaitingForCalls(session) && !open && !onePane;
  if (start) {
    return (
      <main className="h-full min-h-0 min-w-0 bg-page">
        <Start session={session} />
      </main>
    );
  }
  return (
    <main className="h-full min-h-0 min-w-0">
      <Group orientation="horizontal" className="h-full">
        {sources === null ? null : (
          <>
            <Panel
              id="sources"
              defaultSize="260px"
              minSize="180px"
              maxSize="420px"
              groupResizeBehavior="preserve-pixel-size"
            >
              {sources}
            </Panel>
            <SplitHandle direction="row" label="Width of the sources" />
          </>
        )}
        {onePane && open ? null : (
          <Panel
            id="list"
            {...(open || waiting ? { defaultSize: detailBeside ? '470px' : '400px' } : {})}
            minSize="220px"
            groupResizeBehavior={open || waiting ? 'preserve-pixel-size' : 'preserve-relative-size'}
          >
            <List session={session} />
          </Panel>
        )}
        {open ? (
          <>
            {onePane ? null : <SplitHandle direction="row" label="Width of the trace list" />}
            <Panel id="trace" minSize="300px">
              <Trace {...props} prefs={prefs} />
            </Panel>
          </>
        ) : null}
        {waiting ? (
          <>
            <SplitHandle direction="row" label="Width of the trace list" />
            <Panel id="waiting" minSize="300px" className="overflow-auto">
              <Waiting session={session} />
            </Panel>
          </>
        ) : null}
      </Group>
    </main>
  );
}

/** When the picture stopped moving: paused by the reader, or cut off from the host. */
function useFrozenAt({ list, bridge }: Session): number | null {
  const pausedAt = useStore(list.store, (state) => state.pausedAt);
  const lostAt = useStore(bridge.status, (status) => (status.phase === 'lost' ? status.since : null));
  return pausedAt ?? lostAt;
}

/** True while there is nothing at all to show: no servers, nothing recorded. */
function useStartScreen({ servers, list, info }: Session): boolean {
  const known = useStore(info, (state) => state.app !== null);
  const noServers = useStore(servers.store, (state) => state.loaded && state.servers.length === 0);
  const nothing = useStore(list.store, (state) => state.shown.loaded && state.shown.stats?.traces === 0);
  return known && noServers && nothing;
}

/** True while all there is to see is the gateway's own connecting: nobody has called yet. */
function useWaitingForCalls({ list }: Session): boolean {
  return useStore(
    list.store,
    ({ query, shown }) => query === '' && shown.traces.length > 0 && shown.traces.every(isUpkeep),
  );
}

function Waiting({ session }: { readonly session: Session }): ReactElement {
  const app = useStore(session.info, (state) => state.app);
  const endpoints = useEndpoints(session);
  return <WaitingScreen app={app} endpoints={endpoints} onDemo={session.playDemo} />;
}

function Start({ session }: { readonly session: Session }): ReactElement {
  const canManage = useStore(session.info, (state) => state.app?.canManage ?? false);
  const demoStarting = useStore(session.layout, (state) => state.demoStarting);
  return (
    <StartScreen
      canManage={canManage}
      demoStarting={demoStarting}
      onDemo={session.playDemo}
      onAdd={() => {
        session.layout.setState({ dialog: 'add-server' });
      }}
      onOpenFiles={session.imports.open}
    />
  );
}

function List({ session }: { readonly session: Session }): ReactElement {
  const { list, layout } = session;
  const frozenAt = useFrozenAt(session);
  const zone = useStore(layout, (state) => state.zone);
  const onOpen = useCallback(
    (traceId: TraceId) => {
      session.openTrace(traceId);
    },
    [session],
  );
  return (
    <TraceList
      list={list}
      focused={zone === 'list'}
      frozenAt={frozenAt}
      onOpen={onOpen}
      onFocus={() => {
        layout.setState({ zone: 'list' });
      }}
      onShowNoise={session.setShowNoise}
      empty={<EmptyList session={session} />}
    />
  );
}

function EmptyList({ session }: { readonly session: Session }): ReactElement | null {
  const loaded = useStore(session.list.store, (state) => state.shown.loaded);
  const filtered = useStore(session.list.store, (state) => state.query !== '');
  const failed = useStore(session.list.store, (state) => state.queryError !== null);
  if (failed || !loaded) return null;
  if (!filtered) return <Waiting session={session} />;
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-sm text-ink-3">
      No trace matches this filter.
      <Button
        size="small"
        onClick={() => {
          session.list.setQuery('');
        }}
      >
        Clear the filter
      </Button>
    </div>
  );
}

function Trace({ session, prefs, commands, detailBeside, onePane }: WorkspaceProps): ReactElement {
  const frozenAt = useFrozenAt(session);
  const zone = useStore(session.layout, (state) => state.zone);
  const detailOpen = useStore(prefs, (state) => state.detailOpen);
  const nameShare = useStore(prefs, (state) => state.nameColumn);
  return (
    <TracePane
      trace={session.trace}
      api={session.bridge.api}
      frozenAt={frozenAt}
      focused={zone !== 'list'}
      detailOpen={detailOpen}
      detailBeside={detailBeside}
      alone={onePane}
      nameShare={nameShare}
      onNameShare={(share) => {
        prefs.setState({ nameColumn: Math.min(0.8, Math.max(0.15, share)) });
      }}
      onZone={(next) => {
        session.layout.setState({ zone: next });
      }}
      onClose={session.closeTrace}
      onExport={commands.export}
      onToggleDetail={commands['toggle-detail']}
      onOpenLog={session.log.open}
    />
  );
}
