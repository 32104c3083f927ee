import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallStream } from '../session/call-stream.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { MessageStream } from '../session/message-stream.ts';
import type { Caller, Endable } from './dispatch.ts';
import { EventWriter } from './event-writer.ts';
import { sendJson } from './exchange.ts';
import type { Patience, Waiter } from './patience.ts';

/** The first revision whose clients understand an event without data. */
const PRIMING_SINCE = '2025-11-25';

export interface ReplyOptions {
  readonly response: ServerResponse;
  readonly session: ClientSession;
  /** Null: the client takes no event stream, so what comes before the answer is left out. */
  readonly patience: Patience | null;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

/**
 * The answer to one POST. It is plain JSON when nothing comes before it, and becomes an event stream as soon as
 * something does, or when it takes long: clients give up on answers whose headers do not come.
 *
 * When the connection breaks before the answer:
 * - no event id was sent, so the client cannot come back: its calls are cancelled at once, and the root is recorded as
 *   cancelled (R36);
 * - an id was sent: the calls go on. The client comes back within the grace: the GET is a stream record of its own, and
 *   the root ends as answered when the answer is written there. The answer came first: the operation ends with it, and
 *   the root when the client fetches it. It never comes back: calls still running are cancelled then, and the root is
 *   recorded as cancelled, whether or not there was an answer.
 */
export class Reply implements MessageStream, Caller, Waiter {
  readonly #response: ServerResponse;
  readonly #session: ClientSession;
  readonly #patience: Patience | null;
  readonly #headers: readonly string[];
  #calls: Endable | null = null;
  #stream: CallStream | null = null;
  #writer: EventWriter | null = null;
  #isPrimed = false;
  #isGone: boolean;

  constructor({ response, session, patience, headers }: ReplyOptions) {
    this.#response = response;
    this.#session = session;
    this.#patience = patience;
    this.#headers = headers;
    this.#isGone = response.destroyed;
    patience?.add(this);
    response.once('close', () => {
      this.#closed();
    });
  }

  get isOpen(): boolean {
    return this.#patience !== null && !this.#isGone && (this.#stream?.isOpen ?? !this.#response.writableEnded);
  }

  endWithCaller(calls: Endable): void {
    this.#calls = calls;
    if (this.#isGone) calls.abort();
  }

  onLate(): void {
    if (this.isOpen) this.#begin().flush();
  }

  send(text: string): void {
    if (!this.isOpen) return;
    if (this.#stream === null) this.#begin();
    this.#stream?.send(text);
  }

  /** Sends the answer and ends. `onSettled` learns whether the client took it. */
  finish(text: string, onSettled: (wasTaken: boolean) => void): void {
    this.#patience?.delete(this);
    this.#calls = null;
    if (this.#isGone) onSettled(false);
    else if (this.#stream !== null) this.#stream.finish([text], onSettled);
    else {
      sendJson(this.#response, 200, text, this.#headers);
      onSettled(true);
    }
  }

  /** Sends the answers to a batch, of which there may be none, and ends. */
  finishBatch(texts: readonly string[], onSettled: (wasTaken: boolean) => void): void {
    if (this.#stream !== null) {
      this.#stream.finish(texts, onSettled);
    } else if (texts.length > 0) {
      this.finish(`[${texts.join(',')}]`, onSettled);
    } else {
      this.#patience?.delete(this);
      if (!this.#isGone) this.#response.writeHead(202, [...this.#headers, 'content-length', '0']).end();
      onSettled(!this.#isGone);
    }
  }

  #begin(): EventWriter {
    if (this.#writer !== null) return this.#writer;
    this.#patience?.delete(this);
    const writer = new EventWriter(this.#response, this.#headers);
    const stream = this.#session.streams.openCall(() => {
      this.#left();
    });
    stream.attach(writer, null);
    this.#writer = writer;
    this.#stream = stream;
    this.#isPrimed = primes(this.#session);
    if (this.#isPrimed) writer.prime(stream.position);
    return writer;
  }

  #closed(): void {
    this.#patience?.delete(this);
    if (this.#response.writableFinished) return;
    if (this.#stream !== null && this.#writer !== null && (this.#isPrimed || this.#stream.hasSent))
      this.#stream.lost(this.#writer);
    else this.#left();
  }

  #left(): void {
    this.#isGone = true;
    this.#calls?.abort();
  }
}

/** True for clients that are to be sent an event without data at the start of a stream. */
export function primes({ protocolVersion }: ClientSession): boolean {
  return protocolVersion !== null && protocolVersion >= PRIMING_SINCE;
}

export function acceptsStream(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? '';
  return accept.includes('text/event-stream') || accept.includes('*/*');
}
