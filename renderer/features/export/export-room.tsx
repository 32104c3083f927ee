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
}

const SECTIONS: readonly ExportSection[] = ['forwarding', 'file'];

/** What leaves this machine: by itself, or as a file. */
export function ExportRoom({ forwarding, exportable, canManage, onRedaction }: ExportRoomProps): ReactElement {
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
                </div>
              </div>
            ),
          },
        ]}
      />
    </RoomFrame>
  );
}
