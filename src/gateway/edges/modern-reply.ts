import type { ServerResponse } from 'node:http';
import type { MessageStream } from '../session/message-stream.ts';
import { EventWriter } from './event-writer.ts';
import { sendJson } from './exchange.ts';
import type { Patience, Waiter } from './patience.ts';

export interface ModernReplyOptions {
  readonly response: ServerResponse;
  /** Null: the client takes no event stream, so what comes before the answer is left out. */
  readonly patience: Patience | null;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** The connection broke before the answer, which in the stateless era is how a client cancels. */
  readonly onLeft: () => void;
}

/**
 * The answer to one POST of the stateless era: plain JSON when nothing comes before it, else an event stream, which
 * nobody can come back to.
 */
export class ModernReply implements MessageStream, Waiter {
  readonly #options: ModernReplyOptions;
  #writer: EventWriter | null = null;
  #isOver = false;

  constructor(options: ModernReplyOptions) {
    this.#options = options;
    const { response, patience, onLeft } = options;
    patience?.add(this);
    response.once('close', () => {
      patience?.delete(this);
      if (response.writableFinished || this.#isOver) return;
      this.#isOver = true;
      onLeft();
    });
  }

  get isOpen(): boolean {
    return this.#options.patience !== null && !this.#isOver && !this.#options.response.destroyed;
  }

  onLate(): void {
    if (this.isOpen) this.#begin().flush();
  }

  send(text: string): void {
    if (this.isOpen) this.#begin().send(text);
  }

  /** Sends the answer and ends. False when the client has left. */
  finish(text: string, statusCode: number): boolean {
    const { response, patience, headers } = this.#options;
    patience?.delete(this);
    if (this.#isOver || response.destroyed) return false;
    this.#isOver = true;
    if (this.#writer === null) sendJson(response, statusCode, text, headers);
    else {
      this.#writer.send(text);
      this.#writer.end();
    }
    return true;
  }

  #begin(): EventWriter {
    this.#options.patience?.delete(this);
    this.#writer ??= new EventWriter(this.#options.response, this.#options.headers);
    return this.#writer;
  }
}
