import type { EpochMillis } from '../clock.ts';

export interface Line {
  readonly text: string;
  readonly firstByteAt: EpochMillis;
}

/** Cuts a byte stream into lines, whatever pieces it comes in. A line over the limit is reported and skipped. */
export interface LineFramer {
  push(chunk: Buffer, at: EpochMillis): void;
  /** The stream is over: hands on what came after the last line end. */
  end(): void;
}

export interface LineFramerOptions {
  /** In bytes. */
  readonly maxLineLength: number;
  readonly onLine: (line: Line) => void;
  /** Told once for each line that was skipped. */
  readonly onOverflow: () => void;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Lines are found in the bytes, where a line feed is never part of another character, and each is decoded alone: a line
 * that is kept keeps no more than itself in memory.
 */
export function createLineFramer({ maxLineLength, onLine, onOverflow }: LineFramerOptions): LineFramer {
  let pieces: Buffer[] = [];
  let length = 0;
  let startedAt: EpochMillis = 0;
  let isSkipping = false;

  function handOn(bytes: Buffer, start: number, end: number, firstByteAt: EpochMillis): void {
    if (end - start > maxLineLength) {
      onOverflow();
      return;
    }
    const textEnd = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    onLine({ text: bytes.toString('utf8', start, textEnd), firstByteAt });
  }

  /** Ends the line that earlier chunks began. */
  function finish(): void {
    const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, length);
    pieces = [];
    length = 0;
    if (isSkipping) isSkipping = false;
    else handOn(bytes, 0, bytes.length, startedAt);
  }

  function keep(piece: Buffer, at: EpochMillis): void {
    if (piece.length === 0 || isSkipping) return;
    if (length === 0) startedAt = at;
    length += piece.length;
    pieces.push(piece);
    if (length <= maxLineLength) return;
    pieces = [];
    length = 0;
    isSkipping = true;
    onOverflow();
  }

  return {
    push(chunk, at) {
      let position = 0;
      let newline = chunk.indexOf(LINE_FEED);
      if (newline !== -1 && (length > 0 || isSkipping)) {
        keep(chunk.subarray(0, newline), at);
        finish();
        position = newline + 1;
        newline = chunk.indexOf(LINE_FEED, position);
      }
      while (newline !== -1) {
        handOn(chunk, position, newline, at);
        position = newline + 1;
        newline = chunk.indexOf(LINE_FEED, position);
      }
      keep(position === 0 ? chunk : chunk.subarray(position), at);
    },
    end() {
      if (length > 0 || isSkipping) finish();
    },
  };
}
