import { browserConnection } from './browser-connection.ts';
import type { Bridge } from './bridge.ts';
import { desktopConnection } from './desktop-connection.ts';
import type { DesktopDoor } from './desktop-connection.ts';
import { createReconnectingBridge } from './reconnecting-bridge.ts';

declare global {
  interface Window {
    readonly throughline?: DesktopDoor;
  }
}

/** The page's bridge to its host, once it is first known whether the host answers, is away, or refuses. */
export async function connectBridge(): Promise<Bridge> {
  const bridge = createReconnectingBridge(
    window.throughline === undefined
      ? browserConnection({
          location: window.location,
          history: window.history,
          storage: window.sessionStorage,
          fetch: (input, init) => window.fetch(input, init),
          openSocket: (url) => new WebSocket(url),
        })
      : desktopConnection(window.throughline, window),
  );
  if (bridge.status.getState().phase === 'connecting') {
    await new Promise<void>((resolve) => {
      const stop = bridge.status.subscribe((status) => {
        if (status.phase === 'connecting') return;
        stop();
        resolve();
      });
    });
  }
  return bridge;
}
