import { createHash } from 'node:crypto';
import { askedMethods, bringsInput, needsInput, requestStateOf } from '../era/input-required.ts';
import { parseFrame, type Frame, type RequestFrame } from '../frame/frame.ts';
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
 * Operations of the stateless era whose clients were asked something and come back with the same request and the
 * `requestState` that they were given: so that all attempts are seen as one operation, and how long people took between
 * them. Bounded: the oldest is given up first. Of operations that differ in nothing the newest is kept.
 */
export class InputWaits {
  readonly #entries = new Map<string, Entry>();
  readonly #patienceMillis: number;

  constructor(patienceMillis = PATIENCE_MILLIS) {
    this.#patienceMillis = patienceMillis;
  }

  /** Waits when this answer to a request asks its client something. `operation` is the one that began it all. */
  answered(request: RequestFrame, answerText: string, operation: OperationObservation): void {
    // Most answers ask for nothing and may be long.
    if (!answerText.includes('"input_required"')) return;
    const parsed = parseFrame(answerText);
    if (!parsed.ok || !needsInput(parsed.value)) return;
    const key = keyOf(request, requestStateOf(parsed.value));
    this.#end(key, 'cancelled');
    const timer = setTimeout(() => {
      this.#end(key, 'cancelled');
    }, this.#patienceMillis);
    timer.unref();
    this.#entries.set(key, { operation, wait: operation.waits(askedMethods(parsed.value)), timer });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_WAITING && oldest !== undefined) this.#end(oldest, 'cancelled');
  }

  /** Of the operation that a message goes on with; null for one that begins its own. */
  contextOf(frame: Frame): TraceContext | null {
    if (frame.kind !== 'request' || !bringsInput(frame)) return null;
    return this.#entries.get(keyOfRetry(frame))?.operation.traceContext ?? null;
  }

  /** The client came back: what was waited for is here. The operation that began it all; null when nobody had asked. */
  resumed(request: RequestFrame): OperationObservation | null {
    return bringsInput(request) ? this.#end(keyOfRetry(request), 'answered') : null;
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

function keyOfRetry(request: RequestFrame): string {
  const state = request.params?.['requestState'];
  return keyOf(request, typeof state === 'string' ? state : null);
}

/** A server may say the same state to everybody, or seal a lot into it. */
function keyOf({ method, params }: RequestFrame, state: string | null): string {
  const { name, uri, arguments: args } = params ?? {};
  return createHash('sha256')
    .update(JSON.stringify([method, name, uri, args, state]))
    .digest('base64');
}
