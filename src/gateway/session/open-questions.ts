import { applyEdits, editId, editTraceContext } from '../frame/edit.ts';
import type { RequestFrame, ResponseFrame } from '../frame/frame.ts';
import type { InputWait, OperationObservation, QuestionObservation } from '../observer.ts';
import { endQuestion, questionStart, type Asked, type Questioner, type QuestionWatch } from '../upstream/question.ts';

/** What a server asks its client during: the client's answer is waited for in its trace. */
export type Asking = Pick<OperationObservation, 'waits' | 'question'>;

/** A request of a server's that its client has not answered yet. */
export interface OpenQuestion {
  readonly session: Questioner;
  readonly method: string;
  readonly idText: string;
  /** During which operation it was asked; null outside of any. */
  readonly operation: Asking | null;
  readonly wait: InputWait | null;
  readonly observation: QuestionObservation;
}

/** What one client was asked and has not answered, by the source of the id under which it knows the question. */
export class OpenQuestions {
  /** Of questions outside of calls. */
  readonly #watch: QuestionWatch;
  readonly #asked: Asked;
  readonly #open = new Map<string, OpenQuestion>();
  #next = 1;

  constructor(watch: QuestionWatch, asked: Asked) {
    this.#watch = watch;
    this.#asked = asked;
  }

  /** Enters a question under an id of our own, and answers with it as the client is to get it. */
  add(frame: RequestFrame, session: Questioner, operation: Asking | null): string {
    const idText = JSON.stringify(`throughline-${this.#next}`);
    this.#next += 1;
    const wait = operation?.waits([frame.method]) ?? null;
    const observation = (wait ?? this.#watch).question(questionStart(frame, session, idText, this.#asked));
    const { method } = frame;
    this.#open.set(idText, { session, method, idText: frame.idText, operation, wait, observation });
    const { traceContext } = observation;
    // While nothing is recorded there is no span to stand below, and what the server wrote may still lead somewhere.
    const context = traceContext === null ? [] : editTraceContext(frame, traceContext);
    return applyEdits(frame.text, [...editId(frame, idText), ...context]);
  }

  get(idText: string): OpenQuestion | undefined {
    return this.#open.get(idText);
  }

  /** Takes the client's answer to that server. False when nobody had asked. */
  answer(frame: ResponseFrame): boolean {
    const question = this.#open.get(frame.idText);
    if (question === undefined) return false;
    this.#open.delete(frame.idText);
    void question.session.post(applyEdits(frame.text, editId(frame, question.idText)));
    endQuestion(question.observation, question.method, frame);
    question.wait?.end('answered');
    return true;
  }

  /** The operation is over: whatever was asked during it is waited for no more, though a late answer still goes its way. */
  endWaits(operation: Asking): void {
    for (const question of this.#open.values()) if (question.operation === operation) giveUp(question);
  }

  /** Takes back what this server asked under an id of its own, and answers with the client's; null when it asked nothing. */
  takenBack(session: Questioner, theirIdText: string): string | null {
    for (const [ours, question] of this.#open) {
      if (question.session !== session || question.idText !== theirIdText) continue;
      this.#withdraw(ours, question);
      return ours;
    }
    return null;
  }

  /** Takes back what was asked by who is not there any more. */
  withdrawClosed(): void {
    for (const [key, question] of this.#open) if (question.session.isClosed) this.#withdraw(key, question);
  }

  withdrawAll(): void {
    for (const [key, question] of this.#open) this.#withdraw(key, question);
  }

  #withdraw(key: string, question: OpenQuestion): void {
    giveUp(question);
    this.#open.delete(key);
  }
}

function giveUp({ observation, wait }: OpenQuestion): void {
  observation.end({ kind: 'cancelled' });
  wait?.end('cancelled');
}
