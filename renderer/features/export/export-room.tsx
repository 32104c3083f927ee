import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { RoomFrame } from '../../ui/room-frame.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ExportForm } from './export-form.tsx';
import type { Exportable } from './export-form.tsx';
import { ForwardingSection } from './forwarding-section.tsx';
import type { ExportSection, ForwardingStore } from './store.forwarding.ts';

export interface ExportRoomProps {
  readonly forwarding: ForwardingStore;
  readonly exportable: Exportable;
  readonly canManage: boolean;
  readonly onRedaction: () => void;
  readonly onOpenFiles: () => void;
}

const SECTIONS: readonly ExportSection[] = ['forwarding', 'file'];

/** What leaves this machine: by itself, or as a file. */
export function ExportRoom(props: ExportRoomProps): ReactElement {
  const { forwarding, exportable, canManage, onRedaction, onOpenFiles } = props;
  const feed = useStore(forwarding.store, (state) => state.feed);
  const failure = useStore(forwarding.store, (state) => state.failure);
  const section = useStore(forwarding.store, (state) => state.section);
  return (
    <RoomFrame
      name="Export"
      purpose="What leaves this machine: by itself, or as a file. Secrets are hidden in all of it."
      failure={failure}
      lookOnly={canManage ? null : 'where traces are sent'}
    >
      <Tabs
        label="Parts of export"
        active={section}
        onChange={(id) => {
          const next = SECTIONS.find((each) => each === id);
          if (next !== undefined) forwarding.store.setState({ section: next });
        }}
        tabs={[
          {
            id: 'forwarding',
            label: 'Forwarding',
            count: feed?.endpoints.length ?? 0,
            content:
              feed === null ? (
                <p className="p-4 text-sm text-ink-3">{failure === null ? 'Fetching the endpoints…' : ''}</p>
              ) : (
                <ForwardingSection forwarding={forwarding} endpoints={feed.endpoints} canManage={canManage} />
              ),
          },
          {
            id: 'file',
            label: 'Save as a file',
            content: (
              <div className="min-h-0 flex-1 overflow-auto p-4">
                <div className="max-w-[560px]">
                  <ExportForm api={forwarding.api} exportable={exportable} onRedaction={onRedaction} />
                  <p className="mt-5 border-t border-line pt-3 text-xs text-ink-2">
                    Traces in a file already?{' '}
                    <button type="button" className="font-medium text-accent hover:underline" onClick={onOpenFiles}>
                      Open it
                    </button>{' '}
                    or drop it on this window.
                  </p>
                </div>
              </div>
            ),
          },
        ]}
      />
    </RoomFrame>
  );
}
