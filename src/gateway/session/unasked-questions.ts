/** A client opens its stream right after its handshake, or never. */
const PATIENCE_MILLIS = 3_000;
const MOST_WAITING = 32;

/** A server's request for a client that has opened no stream yet on which it could get it. */
export interface UnaskedQuestion {
  ask(): void;
  refuse(): void;
}

/**
 * Servers ask for roots as soon as they are told that their client is ready, which may be before it has opened the stream
 * on which it can be asked. So such questions wait a moment, at most 32 of them.
 */
export class UnaskedQuestions {
  readonly #waiting = new Map<UnaskedQuestion, NodeJS.Timeout>();
  readonly #patienceMillis: number;

  constructor(patienceMillis = PATIENCE_MILLIS) {
    this.#patienceMillis = patienceMillis;
  }

  add(question: UnaskedQuestion): void {
    if (this.#waiting.size >= MOST_WAITING) {
      question.refuse();
      return;
    }
    const timer = setTimeout(() => {
      this.#waiting.delete(question);
      question.refuse();
    }, this.#patienceMillis);
    this.#waiting.set(question, timer);
  }

  /** The client can be asked now. */
  askAll(): void {
    for (const question of this.#taken()) question.ask();
  }

  /** The client will not be asked any more. */
  refuseAll(): void {
    for (const question of this.#taken()) question.refuse();
  }

  #taken(): readonly UnaskedQuestion[] {
    const questions = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    return questions;
  }
}
