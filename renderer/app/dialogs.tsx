import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { EndpointDialog } from '../features/export/endpoint-dialog.tsx';
import { ImportDialog } from '../features/import/import-dialog.tsx';
import { RevealDialog } from '../features/redaction/reveal-dialog.tsx';
import { RuleDialog } from '../features/redaction/rule-dialog.tsx';
import { AddServerDialog } from '../features/servers/add-server-dialog.tsx';
import { SecretNote } from '../features/servers/secret-note.tsx';
import { VirtualDialog } from '../features/servers/virtual-dialog.tsx';
import { ConnectGuide } from '../features/start/connect-guide.tsx';
import type { SecretStorage } from '../../src/shared/contract/messages.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Exporting } from './export.tsx';
import { HelpOverlay } from './help-overlay.tsx';
import type { Session } from './session.ts';
import { useEndpoints } from './use-endpoints.ts';

/** Until the host has said where secrets go, the least is promised. */
const UNKNOWN_STORAGE: SecretStorage = { kind: 'file', file: null };

export function Dialogs({ session }: { readonly session: Session }): ReactElement {
  const { bridge, layout, servers } = session;
  const dialog = useStore(layout, (state) => state.dialog);
  const editing = useStore(layout, (state) => state.editingVirtual);
  const app = useStore(session.info, (state) => state.app);
  const endpoints = useEndpoints(session);
  const storage = app?.secretStorage ?? UNKNOWN_STORAGE;
  const close = (): void => {
    layout.setState({ dialog: null });
  };
  return (
    <>
      <HelpOverlay open={dialog === 'help'} onClose={close} />
      <AddServerDialog api={bridge.api} storage={storage} open={dialog === 'add-server'} onClose={close} />
      <VirtualDialog
        api={bridge.api}
        servers={servers}
        open={dialog === 'virtual-server'}
        editing={editing}
        onClose={close}
      />
      <RuleDialog redaction={session.redaction} />
      <RevealDialog redaction={session.redaction} />
      <EndpointDialog forwarding={session.forwarding} storageNote={<SecretNote storage={storage} />} />
      <ImportDialog imports={session.imports} canManage={app?.canManage ?? false} />
      {dialog === 'export' ? <Exporting session={session} onClose={close} /> : null}
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
          <ConnectGuide app={app} endpoints={endpoints} />
        )}
      </Dialog>
    </>
  );
}
