import { parentPort, workerData } from 'node:worker_threads';
import { UserError, messageOf } from '../../shared/kernel/user-error.ts';
import type { Failure, FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { StoreService } from './store-service.ts';

/**
 * Entry of the store's worker: opens the database, says `ready` or why not, then handles one message after the other.
 * What fails unexpectedly outside of a call ends the worker; the client then fails everything that waits.
 */
function start(): void {
  const port = parentPort;
  if (port === null) throw new Error('The store worker has to be started as a worker thread.');
  const send = (message: FromWorker): void => {
    port.postMessage(message);
  };
  let service: StoreService;
  try {
    service = StoreService.open(workerData as WorkerSettings);
  } catch (error) {
    send({ kind: 'refused', failure: failureOf(error) });
    port.close();
    return;
  }
  port.on('message', (message: ToWorker) => {
    send(reply(service, message));
    if (message.kind === 'call' && message.name === 'close') port.close();
  });
  send({ kind: 'ready', position: service.position() });
}

function reply(service: StoreService, message: ToWorker): FromWorker {
  if (message.kind === 'put') return store(service, message.batch);
  try {
    return { kind: 'answer', id: message.id, value: service.call(message), position: service.position() };
  } catch (error) {
    return { kind: 'failed', id: message.id, failure: failureOf(error) };
  }
}

function store(service: StoreService, batch: Extract<ToWorker, { kind: 'put' }>['batch']): FromWorker {
  try {
    const { changed, orphanPayloads } = service.store(batch);
    return { kind: 'stored', position: service.position(), changed, orphanPayloads, failure: null };
  } catch (error) {
    return { kind: 'stored', position: service.position(), changed: '', orphanPayloads: 0, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  return { isUserError: error instanceof UserError, message: messageOf(error) };
}

start();
