import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from '../bridge/bridge.ts';
import { Logo } from '../ui/logo.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { RefusedPage } from './refused-page.tsx';
import { createSession } from './session.ts';
import type { Session } from './session.ts';
import { Shell } from './shell.tsx';
import type { PrefsStore } from './store.prefs.ts';
import { useTheme } from './theme.ts';

export interface AppProps {
  /** Opens the way to the host; called once. */
  readonly connect: () => Promise<Bridge>;
  readonly prefs: PrefsStore;
}

export function App({ connect, prefs }: AppProps): ReactElement {
  useTheme(useStore(prefs, (state) => state.theme));
  useFreshCode();
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    let left = false;
    let bridge: Bridge | null = null;
    void connect().then((connected) => {
      bridge = connected;
      if (left) connected.close();
      else setSession(createSession(connected, prefs));
    });
    return () => {
      left = true;
      bridge?.close();
    };
  }, [connect, prefs]);
  return (
    <ErrorBoundary>{session === null ? <Connecting /> : <Connected session={session} prefs={prefs} />}</ErrorBoundary>
  );
}

/** A fresh link put into this window's address only changes its fragment, and that alone loads nothing. */
function useFreshCode(): void {
  useEffect(() => {
    const loadAgain = (): void => {
      window.location.reload();
    };
    window.addEventListener('hashchange', loadAgain);
    return () => {
      window.removeEventListener('hashchange', loadAgain);
    };
  }, []);
}

function Connected({ session, prefs }: { readonly session: Session; readonly prefs: PrefsStore }): ReactElement {
  const status = useStore(session.bridge.status);
  if (status.phase === 'refused') return <RefusedPage reason={status.reason} />;
  return <Shell session={session} prefs={prefs} />;
}

function Connecting(): ReactElement {
  return (
    <main className="flex h-full items-center justify-center gap-2.5 text-sm text-ink-3" role="status">
      <Logo />
      Connecting to the gateway…
    </main>
  );
}
