import type { Readable, Writable } from 'node:stream';
import { createLineFramer } from '../gateway/upstream/line-framer.ts';

/** A message of any size that Node can hold as one string is passed on; this is what a string of it may be at most. */
const MAX_LINE_CHARACTERS = 128 * 1024 * 1024;

export interface LineListener {
  onLine(text: string): void;
  /** A line was longer than can be held, and was left out. */
  onOverflow(): void;
  /** Once: nothing more will come. */
  onEnd(): void;
}

/** Reads the messages of the stdio transport: one line each. An unended last line counts too. */
export function readLines(input: Readable, { onLine, onOverflow, onEnd }: LineListener): void {
  let hasEnded = false;
  const framer = createLineFramer({
    maxLineLength: MAX_LINE_CHARACTERS,
    onLine: ({ text }) => {
      if (text.trim() !== '') onLine(text);
    },
    onOverflow,
  });
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    framer.push(Buffer.from('\n'), 0);
    onEnd();
  };
  input.on('data', (chunk: Buffer) => {
    framer.push(chunk, 0);
  });
  // A pipe whose other side crashed ends like one that was closed.
  for (const event of ['end', 'close', 'error']) input.on(event, end);
}

export interface LineWriter {
  /** Resolves when there is room for more. Lines keep their order even when nobody waits for room. */
  write(text: string): Promise<void>;
  /** Resolves when the reader has taken everything, or is gone. */
  flushed(): Promise<void>;
  /** Resolves when the reader is gone. */
  readonly closed: Promise<void>;
}

export function createLineWriter(output: Writable): LineWriter {
  let isClosed = false;
  let waiting: (() => void)[] = [];
  const goOn = (): void => {
    const resumed = waiting;
    waiting = [];
    for (const resume of resumed) resume();
  };
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      isClosed = true;
      goOn();
      resolve();
    };
    output.once('close', close);
    // A pipe that nobody reads any more: there is nobody to tell.
    output.on('error', close);
  });
  output.on('drain', goOn);
  return {
    closed,
    async write(text) {
      if (isClosed) return;
      if (output.write(`${onOneLine(text)}\n`)) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async flushed() {
      if (isClosed || output.writableLength === 0) return;
      await Promise.race([new Promise((resolve) => output.write('', resolve)), closed]);
    },
  };
}

/** JSON holds line breaks between tokens only, where a space says the same; so no token changes. */
export function onOneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ') : text;
}
