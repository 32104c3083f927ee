import type { ServerLogLine } from '../../shared/domain/server.ts';
import type { EpochMillis } from '../clock.ts';

/** The newest lines that a server printed beside its messages. Bounded; older lines are let go and counted. */
export interface NoiseLog {
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

export function createNoiseLog(sanitize: (text: string) => string): NoiseLog {
  const kept: ServerLogLine[] = [];
  let newest = 0;
  let example: string | null = null;
  return {
    get newest() {
      return newest;
    },
    add(line, from, at) {
      const text = sanitize(line);
      if (from === 'stdout') example ??= text.slice(0, MAX_EXAMPLE_LENGTH);
      newest += 1;
      kept.push({ number: newest, at, from, text });
      if (kept.length > MAX_LINES) kept.shift();
    },
    since: (number) => kept.filter((line) => line.number > number),
    firstOnStdout: () => example,
  };
}
