import { MessageChannel as NodeMessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import type { MessagePortMain } from 'electron';
import { createEvents, strict } from './strict.ts';

/** A channel whose one end is main's, with Electron's behaviour, and whose other end is the page's. */
export interface PortPair {
  readonly main: MessagePortMain;
  /** What a page would hold: a real port. */
  readonly page: NodePort;
  /** True once main has closed its end. */
  readonly isClosedByMain: () => boolean;
}

/**
 * Main's end queues messages until `start`, hands them over as `{data, ports}`, and emits 'close' only when the other
 * side closes, as Electron's does.
 */
export function createPortPair(): PortPair {
  const { port1, port2 } = new NodeMessageChannel();
  const events = createEvents('MessagePortMain', ['message', 'close']);
  let closedByMain = false;
  const main: MessagePortMain = strict<MessagePortMain>('MessagePortMain', {
    on(event: string, listener: (...args: never[]) => unknown) {
      events.on(event, listener);
      return main;
    },
    postMessage(message: unknown) {
      if (!closedByMain) port1.postMessage(message);
    },
    start() {
      port1.on('message', (data: unknown) => {
        events.emit('message', { data, ports: [] });
      });
    },
    close() {
      closedByMain = true;
      port1.close();
    },
  });
  port1.on('close', () => {
    if (!closedByMain) events.emit('close');
  });
  return { main, page: port2, isClosedByMain: () => closedByMain };
}
