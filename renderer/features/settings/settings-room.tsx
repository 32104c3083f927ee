import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { AppInfo, SettingsFeed } from '../../../src/shared/contract/messages.ts';
import type { StoreStats } from '../../../src/shared/domain/trace.ts';
import { RoomFrame } from '../../ui/room-frame.tsx';
import { ContentsGroup } from './contents-group.tsx';
import { HistoryGroup } from './history-group.tsx';
import { ReceiverGroup } from './receiver-group.tsx';
import { RecordingGroup } from './recording-group.tsx';
import type { SettingsStore } from './store.settings.ts';
import { useSaving } from './use-saving.ts';
import type { Saving } from './use-saving.ts';

export interface SettingsRoomProps {
  readonly settings: SettingsStore;
  /** Null until the host has answered. */
  readonly app: AppInfo | null;
  readonly stats: StoreStats | null;
  readonly canManage: boolean;
}

export interface GroupProps extends Omit<SettingsRoomProps, 'settings'> {
  readonly feed: SettingsFeed;
  readonly saving: Saving;
}

/** What can be set about tracing. Each switch holds at once; only what cannot be undone waits for a button. */
export function SettingsRoom({ settings, ...rest }: SettingsRoomProps): ReactElement {
  const feed = useStore(settings.store, (state) => state.feed);
  const failure = useStore(settings.store, (state) => state.failure);
  const saving = useSaving(settings);
  return (
    <RoomFrame
      name="Settings"
      purpose="What is recorded and kept. A change holds at once, for calls from then on."
      failure={failure}
      lookOnly={rest.canManage ? null : 'settings'}
    >
      <div className="min-h-0 flex-1 overflow-auto border-t border-line px-4 pt-3 pb-8">
        {feed === null ? (
          <p className="text-sm text-ink-3">{failure === null ? 'Fetching the settings…' : ''}</p>
        ) : (
          <div className="max-w-[880px]">
            <RecordingGroup feed={feed} saving={saving} {...rest} />
            <ContentsGroup feed={feed} saving={saving} {...rest} />
            <ReceiverGroup feed={feed} saving={saving} {...rest} />
            <HistoryGroup feed={feed} saving={saving} {...rest} />
          </div>
        )}
      </div>
    </RoomFrame>
  );
}
