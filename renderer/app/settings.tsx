import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { SettingsRoom } from '../features/settings/settings-room.tsx';
import type { Session } from './session.ts';

export function Settings({ session }: { readonly session: Session }): ReactElement {
  const app = useStore(session.info, (state) => state.app);
  const stats = useStore(session.list.store, (state) => state.live.stats);
  return <SettingsRoom settings={session.settings} app={app} stats={stats} canManage={app?.canManage ?? false} />;
}
