import { Worker } from 'node:worker_threads';
import { UserError } from '../../shared/kernel/user-error.ts';
import type {
  CallMessage,
  CallName,
  Calls,
  EncodedBatch,
  Failure,
  FromWorker,
  Position,
  ToWorker,
  WorkerSettings,
} from '../worker/protocol.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface LinkEvents {
  readonly stored: (message: Extract<FromWorker, { kind: 'stored' }>) => void;
  readonly moved: (position: Position) => void;
  readonly evicted: (message: Extract<FromWorker, { kind: 'evicted' }>) => void;
  /** The worker is gone without having been closed. */
  readonly crashed: () => void;
}

/** What the worker makes of a batch dies with it; unbounded, its young generation takes 30 MB more for nothing. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 8 };

/** The store's worker and what waits for it. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #events: LinkEvents;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #ended: Error | null = null;

  private constructor(worker: Worker, events: LinkEvents) {
    this.#worker = worker;
    this.#events = events;
    let cause: unknown;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error: unknown) => {
      cause = error;
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#end(crashError(cause));
        resolve();
      });
    });
  }

  /** Rejects with a UserError when the history file cannot be used. */
  static async start(url: URL, settings: WorkerSettings, events: LinkEvents): Promise<WorkerLink> {
    const worker = new Worker(url, { name: 'throughline-store', workerData: settings, resourceLimits: WORKER_LIMITS });
    const opening = Promise.withResolvers<Position>();
    const onMessage = (message: FromWorker): void => {
      if (message.kind === 'ready') opening.resolve(message.position);
      else if (message.kind === 'refused') opening.reject(errorOf(message.failure));
      else opening.reject(new Error('The store worker did not begin as agreed'));
    };
    const onEnd = (cause: unknown): void => opening.reject(crashError(cause));
    worker.on('message', onMessage).on('error', onEnd).on('exit', onEnd);
    try {
      events.moved(await opening.promise);
    } finally {
      // One by one: `removeAllListeners` would also take the listeners by which Node keeps the worker's port open.
      worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
    }
    return new WorkerLink(worker, events);
  }

  post(batch: EncodedBatch): void {
    this.#send({ kind: 'put', batch });
  }

  call<Name extends CallName>(name: Name, argument: Calls[Name]['argument']): Promise<Calls[Name]['answer']> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      // The worker answers a call with the answer of its name.
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#send({ kind: 'call', id, name, argument } as CallMessage);
    });
  }

  /** Lets the worker finish what it was sent; every later call rejects. */
  async close(): Promise<void> {
    if (this.#ended === null) {
      const closed = this.call('close', null);
      this.#ended = new Error('The trace store is closed.');
      await closed.catch(() => this.#worker.terminate());
    }
    await this.#exited;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'stored':
        this.#events.stored(message);
        return;
      case 'evicted':
        this.#events.evicted(message);
        return;
      case 'answer':
        this.#events.moved(message.position);
        this.#take(message.id)?.resolve(message.value);
        return;
      case 'failed':
        this.#take(message.id)?.reject(errorOf(message.failure));
        return;
      default:
        throw new Error(`The store worker said ${message.kind} a second time`);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #end(crash: Error): void {
    const hasCrashed = this.#ended === null;
    this.#ended ??= crash;
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
    if (hasCrashed) this.#events.crashed();
  }
}

function crashError(cause: unknown): UserError {
  return new UserError('The trace store stopped unexpectedly, so calls are no longer recorded: restart Throughline.', {
    cause,
  });
}

export function errorOf(failure: Failure): Error {
  return failure.isUserError ? new UserError(failure.message) : new Error(`The trace store failed: ${failure.message}`);
}
