import { createHash } from 'node:crypto';
import { askedMethods, bringsInput, needsInput, requestStateOf } from '../era/input-required.ts';
import { parseFrame, type Frame, type RequestFrame } from '../frame/frame.ts';
import type { InputWait, OperationObservation, TraceContext } from '../observer.ts';
import { WaitingRoom, type WaitingRoomOptions } from './waiting-room.ts';

interface Entry {
  readonly operation: OperationObservation;
  readonly wait: InputWait;
}

/**
 * Operations of the stateless era whose clients were asked something and come back with the same request and the
 * `requestState` that they were given: so that all attempts are seen as one operation, and how long people took between
 * them. Of operations that differ in nothing the newest is kept.
 */
export class InputWaits {
  readonly #waiting: WaitingRoom<Entry>;

  constructor(patience?: Pick<WaitingRoomOptions<Entry>, 'patienceMillis'>) {
    this.#waiting = new WaitingRoom<Entry>({
      ...patience,
      onGone: ({ wait }) => {
        wait.end('cancelled');
      },
    });
  }

  /** Waits when this answer to a request asks its client something. `operation` is the one that began it all. */
  answered(request: RequestFrame, answerText: string, operation: OperationObservation): void {
    // Most answers ask for nothing and may be long.
    if (!answerText.includes('"input_required"')) return;
    const parsed = parseFrame(answerText);
    if (!parsed.ok || !needsInput(parsed.value)) return;
    const key = keyOf(request, requestStateOf(parsed.value));
    this.#waiting.add(key, { operation, wait: operation.waits(askedMethods(parsed.value)) });
  }

  /** Of the operation that a message goes on with; null for one that begins its own. */
  contextOf(frame: Frame): TraceContext | null {
    if (frame.kind !== 'request' || !bringsInput(frame)) return null;
    return this.#waiting.get(keyOfRetry(frame))?.operation.traceContext ?? null;
  }

  /** The client came back: what was waited for is here. The operation that began it all; null when nobody had asked. */
  resumed(request: RequestFrame): OperationObservation | null {
    if (!bringsInput(request)) return null;
    const entry = this.#waiting.take(keyOfRetry(request));
    entry?.wait.end('answered');
    return entry?.operation ?? null;
  }

  stop(): void {
    this.#waiting.stop();
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
