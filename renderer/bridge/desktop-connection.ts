import { awaitFirst } from './await-first.ts';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { Api } from './bridge.ts';
import type { OpenConnection } from './connection.ts';

/** What the desktop's preload puts on the window. */
export interface DesktopDoor {
  /** Asks for a MessagePort, which then comes as a window message. */
  connect(): void;
}

const PORT_MESSAGE = 'throughline:port';
const PORT_WAIT_MS = 10_000;

/** The window a port is posted to, as far as it is used; a test gives its own. */
export interface PortReceiver {
  addEventListener(
    type: 'message',
    listener: (message: PortMessage) => void,
    options: { readonly signal: AbortSignal },
  ): void;
}

export type PortMessage = Pick<MessageEvent<unknown>, 'source' | 'data' | 'ports'>;

/** Opens the line of the desktop window: the preload posts a port, nobody else may. */
export function desktopConnection(door: DesktopDoor, receiver: PortReceiver): OpenConnection {
  return async (signal) => {
    const port = await receivePort(door, receiver, signal);
    const closed = new Promise<void>((resolve) => {
      port.addEventListener('close', () => {
        resolve();
      });
    });
    port.start();
    return {
      api: createORPCClient<Api>(new RPCLink({ port })),
      closed,
      close: () => {
        port.close();
      },
    };
  };
}

function receivePort(door: DesktopDoor, receiver: PortReceiver, signal: AbortSignal): Promise<MessagePort> {
  return awaitFirst<MessagePort>({ ms: PORT_WAIT_MS, late: 'No port came.', signal }, ({ resolve, whileWaiting }) => {
    receiver.addEventListener(
      'message',
      (event) => {
        const [port] = event.ports;
        if (event.source !== receiver || event.data !== PORT_MESSAGE || port === undefined) return;
        resolve(port);
      },
      whileWaiting,
    );
    door.connect();
  });
}
