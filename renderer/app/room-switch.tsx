import { Activity, Settings2, Share, Shield } from 'lucide-react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Session } from './session.ts';
import type { Room } from './store.layout.ts';

const ROOMS = [
  { room: 'live', label: 'Calls', key: 'Ctrl+1', icon: Activity },
  { room: 'redaction', label: 'Redaction', key: 'Ctrl+4', icon: Shield },
  { room: 'export', label: 'Export', key: 'Ctrl+5', icon: Share },
  { room: 'settings', label: 'Settings', key: 'Ctrl+,', icon: Settings2 },
] as const;

const SHAPE = 'relative flex h-6 items-center gap-1.5 rounded px-2 text-xs font-medium max-[399px]:px-1';

/** The rooms of the window. */
export function RoomSwitch({ session }: { readonly session: Session }): ReactElement {
  const now = useStore(session.layout, (state) => state.room);
  const isFailing = useStore(
    session.forwarding.store,
    ({ feed }) => feed?.endpoints.some(({ state }) => state === 'failing') ?? false,
  );
  const isAdvised = useStore(session.redaction.store, ({ feed }) => feed?.rescrub.isAdvised ?? false);
  const go = (room: Room): void => {
    if (room === 'redaction') session.openRedaction(session.redaction.store.getState().section);
    else session.layout.setState({ room, sourcesOpen: false });
  };
  return (
    <nav aria-label="Rooms" className="flex shrink-0 rounded-md bg-sunken p-0.5 ring-1 ring-line ring-inset">
      {ROOMS.map(({ room, label, key, icon: Icon }) => {
        const inside = (
          <>
            <Icon size={13} aria-hidden />
            <span className="max-lg:sr-only">{label}</span>
          </>
        );
        return now === room ? (
          <span key={room} aria-current="page" className={`${SHAPE} bg-raised text-ink shadow-sm ring-1 ring-line`}>
            {inside}
          </span>
        ) : (
          <button
            key={room}
            type="button"
            title={`${label} (${key})`}
            onClick={() => {
              go(room);
            }}
            className={`${SHAPE} text-ink-3 hover:text-ink`}
          >
            {inside}
            {room === 'redaction' && isAdvised ? <SomethingToDo words="something to do" /> : null}
            {room === 'export' && isFailing ? <SomethingToDo words="an endpoint fails" /> : null}
          </button>
        );
      })}
    </nav>
  );
}

function SomethingToDo({ words }: { readonly words: string }): ReactElement {
  return (
    <>
      <i className="absolute top-0.5 right-0.5 size-1.5 rounded-full bg-warn" aria-hidden />
      <span className="sr-only">, {words}</span>
    </>
  );
}
