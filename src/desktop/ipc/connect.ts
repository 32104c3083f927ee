import type { IpcMain, IpcMainEvent, MessagePortMain } from 'electron';
import type { Stop } from '../../shared/kernel/listeners.ts';
import { APP_ORIGIN, isAppUrl } from '../app-origin.ts';
import { CONNECT_CHANNEL } from './channels.ts';

export interface ConnectOptions {
  /** True for the contents of our own window. */
  readonly isOwnContents: (contents: object) => boolean;
  /** Puts the contract on a port whose sender has been checked. */
  readonly bind: (port: MessagePortMain) => Stop;
}

/**
 * The only channel of the app. A port is bound when it comes from the main frame of our own window showing our own page
 * (S11); any other is closed without an answer. A page that connects again, because it was reloaded, loses its old port.
 */
export function setupConnect(ipcMain: Pick<IpcMain, 'on'>, { isOwnContents, bind }: ConnectOptions): void {
  let unbind: Stop | null = null;
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    const [port] = event.ports;
    if (port === undefined || event.ports.length > 1 || !comesFromOwnPage(event, isOwnContents)) {
      for (const refused of event.ports) refused.close();
      return;
    }
    unbind?.();
    unbind = bind(port);
    port.start();
  });
}

/** A frame that has navigated or gone since it sent the message is null, which no window's main frame is. */
function comesFromOwnPage(
  { sender, senderFrame }: IpcMainEvent,
  isOwnContents: (contents: object) => boolean,
): boolean {
  return (
    isOwnContents(sender) &&
    senderFrame === sender.mainFrame &&
    senderFrame.origin === APP_ORIGIN &&
    isAppUrl(senderFrame.url)
  );
}
