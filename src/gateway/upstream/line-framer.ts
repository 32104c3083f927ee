import { StringDecoder } from 'node:string_decoder';
import type { EpochMillis } from '../clock.ts';

export interface Line {
  readonly text: string;
  readonly firstByteAt: EpochMillis;
}

/** Cuts a byte stream into lines, whatever pieces it comes in. A line over the limit is reported and skipped. */
export interface LineFramer {
  push(chunk: Buffer, at: EpochMillis): void;
}

export interface LineFramerOptions {
  readonly maxLineLength: number;
  readonly onLine: (line: Line) => void;
  readonly onOverflow: () => void;
}

export function createLineFramer({ maxLineLength, onLine, onOverflow }: LineFramerOptions): LineFramer {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let length = 0;
  let startedAt: EpochMillis = 0;
  let isSkipping = false;

  function finish(): void {
    const text = pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('');
    pieces = [];
    length = 0;
    if (isSkipping) {
      isSkipping = false;
      return;
    }
    onLine({ text: text.endsWith('\r') ? text.slice(0, -1) : text, firstByteAt: startedAt });
  }

  function keep(piece: string, at: EpochMillis): void {
    if (piece === '' || isSkipping) return;
    if (length === 0) startedAt = at;
    length += piece.length;
    if (length <= maxLineLength) {
      pieces.push(piece);
      return;
    }
    pieces = [];
    isSkipping = true;
    onOverflow();
  }

  return {
    push(chunk, at) {
      const text = decoder.write(chunk);
      let position = 0;
      for (;;) {
        const newline = text.indexOf('\n', position);
        if (newline === -1) break;
        keep(text.slice(position, newline), at);
        finish();
        position = newline + 1;
      }
      keep(position === 0 ? text : text.slice(position), at);
    },
  };
}
