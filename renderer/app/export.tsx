import { useMemo } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { ExportDialog } from '../features/export/export-dialog.tsx';
import type { Exportable } from '../features/export/export-form.tsx';
import { ExportRoom } from '../features/export/export-room.tsx';
import { subjectOf } from '../model/sentence.ts';
import { askedQuery } from '../model/upkeep.ts';
import type { Session } from './session.ts';

export function Export({ session }: { readonly session: Session }): ReactElement {
  const canManage = useStore(session.info, (state) => state.app?.canManage ?? false);
  return (
    <ExportRoom
      forwarding={session.forwarding}
      exportable={useExportable(session)}
      canManage={canManage}
      onRedaction={() => {
        session.openRedaction('stored');
      }}
      onOpenFiles={session.imports.open}
    />
  );
}

export function Exporting({ session, onClose }: { readonly session: Session; onClose: () => void }): ReactElement {
  return (
    <ExportDialog
      open
      api={session.bridge.api}
      exportable={useExportable(session)}
      onClose={onClose}
      onRedaction={() => {
        onClose();
        session.openRedaction('stored');
      }}
    />
  );
}

function useExportable({ list, trace }: Session): Exportable {
  const id = useStore(trace.store, (state) => state.traceId);
  const summary = useStore(trace.store, (state) => state.shown.summary);
  const filter = useStore(list.store, (state) => (state.queryError === null ? state.query : ''));
  const showNoise = useStore(list.store, (state) => state.showNoise);
  const matching = useStore(list.store, (state) => state.live.traces.length);
  const kept = useStore(list.store, (state) => state.live.stats?.traces ?? null);
  return useMemo(
    () => ({
      trace: id === null ? null : { id, title: summary === null ? id : subjectOf(summary) },
      filter,
      query: askedQuery(filter, showNoise),
      matching,
      kept,
    }),
    [id, summary, filter, showNoise, matching, kept],
  );
}
