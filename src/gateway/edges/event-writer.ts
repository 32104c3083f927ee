import type { ServerResponse } from 'node:http';
import type { EventCarrier } from '../session/event-stream.ts';
import type { MessageStream } from '../session/message-stream.ts';

const KEEP_ALIVE_MILLIS = 15_000;
/** How soon a client that lost its stream is asked to come back. */
const RETRY_MILLIS = 1_000;
/** What may wait beside the largest message: a client that does not read is let go before its messages fill our memory. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

const EVENT_STREAM_HEADERS = [
  'content-type',
  'text/event-stream',
  'cache-control',
  'no-cache, no-transform',
  'x-accel-buffering',
  'no',
];

/** Writes server-sent events to one response. `headers` are names and values in turn. */
export class EventWriter implements EventCarrier, MessageStream {
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  #messages = 0;
  /** Length of the largest event since everything was read: it was let in alone, and counts against none behind it. */
  #largestUnread = 0;

  constructor(response: ServerResponse, headers: readonly string[]) {
    this.#response = response;
    response.writeHead(200, [...headers, ...EVENT_STREAM_HEADERS]);
    this.#keepAlive = setInterval(() => {
      if (this.isOpen) response.write(': still here\n\n');
    }, KEEP_ALIVE_MILLIS);
    this.#keepAlive.unref();
    response.once('close', () => {
      clearInterval(this.#keepAlive);
    });
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** How many messages were written. */
  get messages(): number {
    return this.#messages;
  }

  /** Lets the client know that the stream is open, before there is anything to send. */
  flush(): void {
    this.#response.flushHeaders();
  }

  /** An event without data whose id a client can come back with (MCP 2025-11-25). */
  prime(id: string): void {
    this.#write(`id: ${id}\nretry: ${RETRY_MILLIS}\ndata: \n\n`);
  }

  write(text: string, id: string): void {
    this.#messages += 1;
    this.#write(`id: ${id}\nevent: message\ndata: ${asData(text)}\n\n`);
  }

  /** A message that nobody can ask for again. */
  send(text: string): void {
    this.#messages += 1;
    this.#write(`event: message\ndata: ${asData(text)}\n\n`);
  }

  /** An event of another type than a message. */
  announce(type: string, data: string): void {
    this.#write(`event: ${type}\ndata: ${data}\n\n`);
  }

  end(): void {
    clearInterval(this.#keepAlive);
    if (this.isOpen) this.#response.end();
  }

  #write(event: string): void {
    if (!this.isOpen) return;
    const unread = this.#response.writableLength;
    if (unread === 0) this.#largestUnread = 0;
    if (unread > MAX_UNREAD_BYTES + this.#largestUnread) {
      this.#response.destroy();
      return;
    }
    this.#largestUnread = Math.max(this.#largestUnread, event.length);
    this.#response.write(event);
  }
}

/** A message is one line of JSON unless its sender broke lines between tokens; each line is a `data` field then. */
function asData(text: string): string {
  return /[\r\n]/.test(text) ? text.split(/\r\n|\r|\n/).join('\ndata: ') : text;
}
