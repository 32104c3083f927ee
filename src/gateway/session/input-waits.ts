import { createHash } from 'node:crypto';
import {
  bringsInput,
  inputRequestsOf,
  inputResponsesOf,
  needsInput,
  requestStateOf,
  type InputRequest,
} from '../era/input-required.ts';
import { resultText } from '../frame/compose.ts';
import { parseFrame, type Frame, type RequestFrame } from '../frame/frame.ts';
import type { InputWait, OperationObservation, QuestionObservation, TraceContext } from '../observer.ts';
import { endQuestion } from '../upstream/question.ts';
import { WaitingRoom, type WaitingRoomOptions } from './waiting-room.ts';

interface Entry {
  readonly operation: OperationObservation;
  readonly wait: InputWait;
  readonly questions: readonly Question[];
}

interface Question {
  readonly key: string;
  readonly method: string;
  readonly observation: QuestionObservation;
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
      onGone: ({ wait, questions }) => {
        for (const { observation } of questions) observation.end({ kind: 'cancelled' });
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
    const requests = inputRequestsOf(parsed.value);
    const wait = operation.waits([...new Set(requests.map(({ method }) => method))]);
    const questions = requests.map((asked) => ({ ...asked, observation: wait.question(startOf(asked)) }));
    this.#waiting.add(key, { operation, wait, questions });
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
    if (entry === null) return null;
    const responses = inputResponsesOf(request);
    for (const question of entry.questions) answered(question, responses.get(question.key));
    entry.wait.end('answered');
    return entry.operation;
  }

  stop(): void {
    this.#waiting.stop();
  }
}

/** Within an answer a question has no id, and its client no session. */
function startOf({ method, meta, text }: InputRequest) {
  return { method, idText: null, meta, messageText: text, serverId: null, sessionId: null, clientName: null };
}

/** `responseText`: what the client brings, which is what it would have answered as a result. */
function answered({ method, observation }: Question, responseText: string | undefined): void {
  const parsed = responseText === undefined ? null : parseFrame(resultText('0', JSON.parse(responseText)));
  if (parsed?.ok !== true || parsed.value.kind !== 'result') observation.end({ kind: 'cancelled' });
  else endQuestion(observation, method, { ...parsed.value, text: responseText ?? '' });
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
