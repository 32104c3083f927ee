import { X } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { AddServerDialog } from '../features/servers/add-server-dialog.tsx';
import { SourcesPane } from '../features/servers/sources-pane.tsx';
import { ConnectGuide } from '../features/start/connect-guide.tsx';
import { toggleTerm } from '../model/query.ts';
import { IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useMedia } from '../ui/use-media.ts';
import { createCommands } from './commands.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { HelpOverlay } from './help-overlay.tsx';
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
  return (
    <div className="flex h-full flex-col">
      <Toolbar session={session} prefs={prefs} sourcesHidden={!sourcesFit} />
      <ConnectionBanner bridge={session.bridge} />
      <Complaint session={session} />
      <div className="relative flex min-h-0 flex-1">
        <Workspace
          session={session}
          prefs={prefs}
          commands={commands}
          sources={sourcesFit ? <Sources session={session} /> : null}
          detailBeside={detailBeside}
          onePane={!twoPanes}
        />
        {!sourcesFit && sourcesOpen ? (
          <div className="absolute inset-y-0 left-0 z-20 w-[260px] max-w-[85vw] border-r border-line-strong shadow-xl">
            <Sources session={session} />
          </div>
        ) : null}
      </div>
      <Dialogs session={session} />
    </div>
  );
}

function Sources({ session }: { readonly session: Session }): ReactElement {
  const { bridge, list, layout } = session;
  const query = useStore(list.store, (state) => state.query);
  const census = useStore(list.store, (state) => state.census);
  const canManage = useStore(session.info, (state) => state.app?.canManage ?? false);
  return (
    <SourcesPane
      servers={session.servers}
      clients={census.clients}
      tracesPerServer={census.perServer}
      query={query}
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

function Dialogs({ session }: { readonly session: Session }): ReactElement {
  const dialog = useStore(session.layout, (state) => state.dialog);
  const app = useStore(session.info, (state) => state.app);
  const close = (): void => {
    session.layout.setState({ dialog: null });
  };
  return (
    <>
      <HelpOverlay open={dialog === 'help'} onClose={close} />
      <AddServerDialog api={session.bridge.api} open={dialog === 'add-server'} onClose={close} />
      <Dialog
        open={dialog === 'connect'}
        onClose={close}
        title="Connect a client"
        description="Point it at the gateway; every call it makes then appears here."
        wide
      >
        {app === null ? (
          <p className="text-sm text-ink-3">The gateway has not answered yet.</p>
        ) : (
          <ConnectGuide app={app} />
        )}
      </Dialog>
    </>
  );
}
