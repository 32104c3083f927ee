import { useEffect, useRef } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { Notice } from './notice.tsx';

export interface RoomFrameProps {
  readonly name: string;
  /** What the room is for, in one sentence. */
  readonly purpose: string;
  /** Why what it shows could not be had; null when it could. */
  readonly failure: string | null;
  /** What cannot be changed from this page, for example `rules`; null where all can. */
  readonly lookOnly: string | null;
  readonly notices?: ReactNode;
  readonly children: ReactNode;
}

/** A room that fills the window: its name, what it is for, what has to be known first, and what is in it. */
export function RoomFrame({ name, purpose, failure, lookOnly, notices, children }: RoomFrameProps): ReactElement {
  const room = useRef<HTMLElement>(null);
  // Whoever comes by keyboard goes on from here, not from the top of the window.
  useEffect(() => {
    room.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main
      ref={room}
      tabIndex={-1}
      aria-label={name}
      className="flex h-full min-h-0 min-w-0 flex-col bg-page focus:outline-none"
    >
      <header className="shrink-0 px-4 pt-3 pb-2">
        <h1 className="text-lg font-semibold">{name}</h1>
        <p className="text-sm text-ink-2">{purpose}</p>
        {failure === null ? null : (
          <Notice kind="error" className="mt-2">
            {failure}
          </Notice>
        )}
        {lookOnly === null ? null : (
          <Notice kind="info" className="mt-2">
            This page may look but not change {lookOnly}. Start with <code className="font-mono">npm start</code> or{' '}
            <code className="font-mono">throughline serve --manage</code> to change them here.
          </Notice>
        )}
        {notices}
      </header>
      {children}
    </main>
  );
}
