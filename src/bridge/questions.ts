import { applyEdits, type Edit } from '../gateway/frame/edit.ts';
import { memberNamed, membersAt } from '../gateway/frame/json-scan.ts';
import type { GatewayMessage } from './gateway-message.ts';
import type { GatewaySession } from './gateway-session.ts';

/** A request of the gateway's that the client has not answered yet. */
interface Question {
  readonly session: GatewaySession;
  /** Its id at the gateway, as JSON source. */
  readonly idText: string;
}

const MAX_QUESTIONS = 10_000;

/**
 * Which requests of the gateway's are open, and in which session. A gateway that was restarted numbers its requests from
 * the beginning again; an answer to the old one must never be taken for one to the new.
 */
export class Questions {
  readonly #open = new Map<string, Question>();
  #renamed = 0;

  /** What the client is to be shown of a message: the same text, but for an id that is still in use. */
  show(text: string, message: GatewayMessage, session: GatewaySession): string {
    if (message.kind === 'cancellation') return this.#showCancellation(text, message, session);
    if (message.kind !== 'request') return text;
    const { id, idText } = message;
    const earlier = this.#open.get(idText);
    const shown = earlier === undefined || earlier.session === session ? idText : this.#newId();
    this.#open.set(shown, { session, idText });
    this.#forgetOldest();
    return shown === idText ? text : applyEdits(text, [replacing(id, shown)]);
  }

  /** The text with which an answer goes to `session`; null when the session that asked is another one. */
  answerText(text: string, idText: string, session: GatewaySession): string | null {
    const question = this.#open.get(idText);
    // Nobody asked: the gateway says so.
    if (question === undefined) return text;
    if (question.session !== session) return null;
    if (question.idText === idText) return text;
    const id = memberNamed(membersAt(text, 0), 'id');
    return id === undefined ? text : applyEdits(text, [replacing(id, question.idText)]);
  }

  answered(idText: string): void {
    this.#open.delete(idText);
  }

  /** The ids, as the client knows them, of what a session asked that nobody will wait for any more. */
  openIn(session: GatewaySession): readonly string[] {
    return [...this.#open].filter(([, question]) => question.session === session).map(([shown]) => shown);
  }

  #showCancellation(
    text: string,
    { id, idText }: Extract<GatewayMessage, { kind: 'cancellation' }>,
    session: GatewaySession,
  ): string {
    for (const [shown, question] of this.#open) {
      if (question.session !== session || question.idText !== idText) continue;
      this.#open.delete(shown);
      return shown === idText ? text : applyEdits(text, [replacing(id, shown)]);
    }
    return text;
  }

  #newId(): string {
    this.#renamed += 1;
    return JSON.stringify(`throughline-bridge-${this.#renamed}`);
  }

  #forgetOldest(): void {
    for (const shown of this.#open.keys()) {
      if (this.#open.size <= MAX_QUESTIONS) return;
      this.#open.delete(shown);
    }
  }
}

function replacing({ valueStart, valueEnd }: { valueStart: number; valueEnd: number }, replacement: string): Edit {
  return { start: valueStart, end: valueEnd, replacement };
}
