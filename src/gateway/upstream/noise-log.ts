import type { ServerLogLine } from '../../shared/domain/server.ts';
import type { EpochMillis } from '../clock.ts';

/** The newest lines that a server printed beside its messages. Bounded; older lines are let go, their numbers tell how many. */
export interface NoiseLog {
  /** `line` is not yet sanitized, and no longer than its sender's bound. */
  add(line: string, from: 'stderr' | 'stdout', at: EpochMillis): void;
  /** Number of the newest line; 0 when there is none. */
  readonly newest: number;
  /** Lines after this number, oldest first, sanitized. */
  since(number: number): readonly ServerLogLine[];
  /** The first line on stdout that was no message, sanitized. */
  firstOnStdout(): string | null;
}

const MAX_LINES = 1_000;
const MAX_EXAMPLE_LENGTH = 120;

interface KeptLine {
  readonly number: number;
  readonly at: EpochMillis;
  readonly from: 'stderr' | 'stdout';
  readonly raw: string;
  /** Null until somebody reads it: most lines of a flood are gone before. */
  safe: ServerLogLine | null;
}

export function createNoiseLog(sanitize: (text: string) => string): NoiseLog {
  const kept: KeptLine[] = [];
  let newest = 0;
  let example: string | null = null;

  function safeLine(line: KeptLine): ServerLogLine {
    line.safe ??= { number: line.number, at: line.at, from: line.from, text: sanitize(line.raw) };
    return line.safe;
  }

  return {
    get newest() {
      return newest;
    },
    add(raw, from, at) {
      if (from === 'stdout') example ??= sanitize(raw).slice(0, MAX_EXAMPLE_LENGTH);
      newest += 1;
      kept.push({ number: newest, at, from, raw, safe: null });
      if (kept.length > MAX_LINES) kept.shift();
    },
    since: (number) => kept.slice(Math.max(0, kept.length - (newest - number))).map(safeLine),
    firstOnStdout: () => example,
  };
}
