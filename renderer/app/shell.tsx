import { X } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Group, Panel } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { DropOverlay } from '../features/import/drop-overlay.tsx';
import { LogPanel } from '../features/servers/log-panel.tsx';
import { SourcesPane } from '../features/servers/sources-pane.tsx';
import { toggleTerm } from '../model/query.ts';
import { IconButton } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { SplitHandle } from '../ui/split.tsx';
import { useMedia } from '../ui/use-media.ts';
import { closeLog, createCommands } from './commands.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Dialogs } from './dialogs.tsx';
import { Export } from './export.tsx';
import { Redaction, RedactionInSpans, Revealing } from './redaction.tsx';
import { Settings } from './settings.tsx';
import type { Session } from './session.ts';
import type { PrefsStore } from './store.prefs.ts';
import { Toolbar } from './toolbar.tsx';
import { useKeyboard } from './use-keyboard.ts';
import { Workspace } from './workspace.tsx';

export interface ShellProps {
  readonly session: Session;
  readonly prefs: PrefsStore;
}

const SOURCES_FIT = '(min-width: 1040px)';
const TWO_PANES_FIT = '(min-width: 720px)';
const DETAIL_BESIDE = '(min-width: 1400px)';

export function Shell({ session, prefs }: ShellProps): ReactElement {
  const commands = useMemo(() => createCommands(session, prefs), [session, prefs]);
  useKeyboard(commands);
  useEffect(() => session.start(), [session]);
  const sourcesFit = useMedia(SOURCES_FIT);
  const twoPanes = useMedia(TWO_PANES_FIT);
  const detailBeside = useMedia(DETAIL_BESIDE);
  const sourcesOpen = useStore(session.layout, (state) => state.sourcesOpen);
  const room = useStore(session.layout, (state) => state.room);
  const canManage = useStore(session.info, (state) => state.app?.canManage ?? false);
  const uncover = useEffectEvent(() => {
    // Where there is no room beside it, an open log would lie over the room that was asked for.
    if (!twoPanes) session.log.close();
  });
  useEffect(() => {
    uncover();
  }, [room]);
  return (
    <div className="flex h-full flex-col">
      <Toolbar session={session} prefs={prefs} sourcesHidden={!sourcesFit} />
      <ConnectionBanner bridge={session.bridge} />
      <Revealing session={session} />
      <Complaint session={session} />
      <div className="relative flex min-h-0 flex-1">
        <WithLog session={session} alone={!twoPanes}>
          {room === 'redaction' ? <Redaction session={session} /> : null}
          {room === 'export' ? <Export session={session} /> : null}
          {room === 'settings' ? <Settings session={session} /> : null}
          {room === 'live' ? (
            <RedactionInSpans session={session}>
              <Workspace
                session={session}
                prefs={prefs}
                commands={commands}
                sources={sourcesFit ? <Sources session={session} /> : null}
                detailBeside={detailBeside}
                onePane={!twoPanes}
              />
            </RedactionInSpans>
          ) : null}
        </WithLog>
        {!sourcesFit && sourcesOpen ? (
          <div className="absolute inset-y-0 left-0 z-20 w-[260px] max-w-[85vw] border-r border-line-strong shadow-xl">
            <Sources session={session} />
          </div>
        ) : null}
      </div>
      <Dialogs session={session} />
      <DropOverlay imports={session.imports} canManage={canManage} />
    </div>
  );
}

interface WithLogProps {
  readonly session: Session;
  /** Too little room to show both. */
  readonly alone: boolean;
  readonly children: ReactNode;
}

/** The window's main part, with an open log below it. */
function WithLog({ session, alone, children }: WithLogProps): ReactElement {
  const open = useStore(session.log.store, (state) => state.serverId !== null);
  const panel = (
    <LogPanel
      log={session.log}
      servers={session.servers}
      onClose={() => {
        closeLog(session);
      }}
    />
  );
  return (
    <>
      <Group orientation="vertical" className="min-h-0 min-w-0 flex-1">
        <Panel id="workspace" minSize="120px">
          {children}
        </Panel>
        {open && !alone ? (
          <>
            <SplitHandle direction="column" label="Height of the server log" />
            <Panel id="log" defaultSize="36%" minSize="110px">
              {panel}
            </Panel>
          </>
        ) : null}
      </Group>
      {open && alone ? <div className="absolute inset-0 z-30">{panel}</div> : null}
    </>
  );
}

function Sources({ session }: { readonly session: Session }): ReactElement {
  const { bridge, list, layout } = session;
  const query = useStore(list.store, (state) => state.query);
  const census = useStore(list.store, (state) => state.census);
  const canManage = useStore(session.info, (state) => state.app?.canManage ?? false);
  const origin = useStore(session.info, (state) => state.app?.origin ?? '');
  return (
    <SourcesPane
      servers={session.servers}
      clients={census.clients}
      tracesPerServer={census.perServer}
      query={query}
      origin={origin}
      canManage={canManage}
      onFilter={(key, value) => {
        list.setQuery(toggleTerm(query, key, value));
      }}
      onAdd={() => {
        layout.setState({ dialog: 'add-server' });
      }}
      onConnect={() => {
        layout.setState({ dialog: 'connect' });
      }}
      onRestart={(id) => {
        session.attempt(() => bridge.api.servers.restart({ id }));
      }}
      onRemove={(id) => {
        session.attempt(() => bridge.api.servers.remove({ id }));
      }}
      onStop={(id) => {
        session.attempt(() => bridge.api.servers.stop({ id }));
      }}
      onLog={(id) => {
        layout.setState({ sourcesOpen: false });
        session.log.open(id);
      }}
      onEditVirtual={(id) => {
        layout.setState({ dialog: 'virtual-server', editingVirtual: id });
      }}
      onRemoveVirtual={(id) => {
        session.attempt(() => bridge.api.virtualServers.remove({ id }));
      }}
    />
  );
}

function Complaint({ session }: { readonly session: Session }): ReactElement | null {
  const complaint = useStore(session.layout, (state) => state.complaint);
  if (complaint === null) return null;
  return (
    <div className="flex shrink-0 items-start gap-1 border-b border-line px-3 py-1.5">
      <Notice kind="error" className="flex-1">
        {complaint}
      </Notice>
      <IconButton
        label="Dismiss"
        onClick={() => {
          session.layout.setState({ complaint: null });
        }}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}
