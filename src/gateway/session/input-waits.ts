import { createHash } from 'node:crypto';
import type { Frame } from '../frame/frame.ts';
import type { InputWait, OperationObservation, TraceContext } from '../observer.ts';

/** People answer questions; who takes longer than this has gone. */
const PATIENCE_MILLIS = 10 * 60_000;
const MOST_WAITING = 256;

interface Entry {
  readonly operation: OperationObservation;
  readonly wait: InputWait;
  readonly timer: NodeJS.Timeout;
}

/**
 * Requests of the stateless era whose clients were asked something, by the `requestState` they come back with: so that all
 * attempts are seen as one operation, and how long people took between them. Bounded: the oldest is given up first.
 */
export class InputWaits {
  readonly #entries = new Map<string, Entry>();
  readonly #patienceMillis: number;

  constructor(patienceMillis = PATIENCE_MILLIS) {
    this.#patienceMillis = patienceMillis;
  }

  /** The client of this operation was asked for `methods`, and told to come back with this state. */
  begin(state: string, operation: OperationObservation, methods: readonly string[]): void {
    const key = keyOf(state);
    this.#end(key, 'cancelled');
    const timer = setTimeout(() => {
      this.#end(key, 'cancelled');
    }, this.#patienceMillis);
    timer.unref();
    this.#entries.set(key, { operation, wait: operation.waits(methods), timer });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_WAITING && oldest !== undefined) this.#end(oldest, 'cancelled');
  }

  /** Of the operation that a message goes on with; null for one that begins its own. */
  contextOf(frame: Frame): TraceContext | null {
    const state = stateOf(frame);
    return state === null ? null : (this.#entries.get(keyOf(state))?.operation.traceContext ?? null);
  }

  /** The client came back: what was waited for is here. The operation that asked first, or null when nobody had. */
  answered(frame: Frame): OperationObservation | null {
    const state = stateOf(frame);
    return state === null ? null : this.#end(keyOf(state), 'answered');
  }

  stop(): void {
    for (const key of [...this.#entries.keys()]) this.#end(key, 'cancelled');
  }

  #end(key: string, how: 'answered' | 'cancelled'): OperationObservation | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    clearTimeout(entry.timer);
    this.#entries.delete(key);
    entry.wait.end(how);
    return entry.operation;
  }
}

function stateOf(frame: Frame): string | null {
  const state = frame.kind === 'request' ? frame.params?.['requestState'] : undefined;
  return typeof state === 'string' ? state : null;
}

/** A server may seal a lot into its state. */
function keyOf(state: string): string {
  return createHash('sha256').update(state).digest('base64');
}
