import type { Writable } from 'node:stream';

const LINE_BREAK = /[\r\n]/;

/**
 * Writes messages to a pipe, one a line. What is written in one turn of the event loop leaves in one piece: each write to
 * a pipe wakes its reader, which costs more than all else that happens to a message.
 */
export class LineWriter {
  readonly #pipe: Writable;
  #waiting = '';

  constructor(pipe: Writable) {
    this.#pipe = pipe;
  }

  /** Characters that have not left yet. */
  get unsentLength(): number {
    return this.#waiting.length + this.#pipe.writableLength;
  }

  write(text: string): void {
    if (this.#waiting === '')
      setImmediate(() => {
        this.flush();
      });
    this.#waiting += asLine(text);
  }

  flush(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '' && this.#pipe.writable) this.#pipe.write(text);
  }
}

/**
 * JSON has line breaks between its tokens only, never in a string, so that a space in their place changes nothing it
 * says.
 */
function asLine(text: string): string {
  return `${LINE_BREAK.test(text) ? text.replaceAll(/[\r\n]/g, ' ') : text}\n`;
}
