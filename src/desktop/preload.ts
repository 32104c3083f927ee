import { contextBridge, ipcRenderer } from 'electron';
import { CONNECT_CHANNEL, PORT_MESSAGE } from './ipc/channels.ts';

/** The little of a page's globals that is needed here; sources of the host are compiled without the browser's types. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, targetOrigin: string, transfer: readonly object[]): void;
};

/**
 * All that the page gets of the desktop: a way to ask for its line to the host. The port comes as a window message,
 * because a port cannot cross the bridge as a return value.
 */
contextBridge.exposeInMainWorld('throughline', {
  connect(): void {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(CONNECT_CHANNEL, null, [port1]);
    window.postMessage(PORT_MESSAGE, window.location.origin, [port2]);
  },
});
