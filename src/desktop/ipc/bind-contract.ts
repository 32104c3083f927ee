import { RPCHandler } from '@orpc/server/message-port';
import type { MessageEvent, MessagePortMain } from 'electron';
import type { ReportFailure } from '../../runtime/log.ts';
import type { ContractContext, ContractRouter } from '../../runtime/operations/context.ts';
import { isRpcFrame } from '../../runtime/operations/rpc-frame.ts';
import { createListeners, type Stop } from '../../shared/kernel/listeners.ts';

/** Far above any request of the page; a longer message is not read. Characters. */
const MAX_MESSAGE_LENGTH = 1_000_000;

/**
 * Puts the contract on a port whose sender has been checked: our own window, which may manage (S5). The returned stop
 * closes the port and ends what was asked through it.
 */
export function createContractBinder(router: ContractRouter, report: ReportFailure): (port: MessagePortMain) => Stop {
  const handler = new RPCHandler<ContractContext>(router);
  return (port) => {
    const { handlerPort, stop } = readablePort(port, report);
    handler.upgrade(handlerPort, { context: { canManage: true } });
    return stop;
  };
}

interface HandlerPort {
  on(event: string, listener: (event?: { data: unknown }) => void): void;
  postMessage(data: unknown): void;
}

/** What oRPC gets to see of a port: only frames it can read. A page that sends anything else loses its port. */
function readablePort(port: MessagePortMain, report: ReportFailure): { handlerPort: HandlerPort; stop: Stop } {
  const closed = createListeners<null>();
  const stop = (): void => {
    port.close();
    // A port tells only the other side that it was closed by this one.
    closed.emit(null);
  };
  const handlerPort: HandlerPort = {
    postMessage(data) {
      port.postMessage(data);
    },
    on(event, listener) {
      if (event === 'close')
        closed.add(() => {
          listener();
        });
      if (event !== 'message') return;
      port.on('message', ({ data }: MessageEvent) => {
        if (isReadable(data)) {
          listener({ data });
          return;
        }
        report('Reading a message of the page', new Error('it cannot be read, so its port was closed'));
        stop();
      });
    },
  };
  port.on('close', () => {
    closed.emit(null);
  });
  return { handlerPort, stop };
}

function isReadable(data: unknown): boolean {
  return typeof data === 'string' && data.length <= MAX_MESSAGE_LENGTH && isRpcFrame(data);
}
