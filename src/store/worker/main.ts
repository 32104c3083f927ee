import { parentPort, workerData } from 'node:worker_threads';
import { UserError, messageOf } from '../../shared/kernel/user-error.ts';
import type { Failure, FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { startLimitsTimer } from './limits-timer.ts';
import { StoreHost } from './store-host.ts';

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
  let store: StoreHost;
  try {
    store = StoreHost.open(workerData as WorkerSettings);
  } catch (error) {
    send({ kind: 'refused', failure: failureOf(error) });
    port.close();
    return;
  }
  port.on('message', (message: ToWorker) => {
    send(reply(store, message));
    if (message.kind === 'call' && message.name === 'close') port.close();
  });
  startLimitsTimer(store, (changed) => {
    send({ kind: 'evicted', position: store.position(), changed });
  });
  send({ kind: 'ready', position: store.position() });
}

function reply(store: StoreHost, message: ToWorker): FromWorker {
  if (message.kind === 'put') return put(store, message.batch);
  try {
    return { kind: 'answer', id: message.id, value: store.call(message), position: store.position() };
  } catch (error) {
    return { kind: 'failed', id: message.id, failure: failureOf(error) };
  }
}

function put(store: StoreHost, batch: Extract<ToWorker, { kind: 'put' }>['batch']): FromWorker {
  try {
    const { changed, orphanPayloads } = store.store(batch);
    return { kind: 'stored', position: store.position(), changed, orphanPayloads, failure: null };
  } catch (error) {
    return { kind: 'stored', position: store.position(), changed: '', orphanPayloads: 0, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  return { isUserError: error instanceof UserError, message: messageOf(error) };
}

start();
