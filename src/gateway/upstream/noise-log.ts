/** The newest lines that a server printed beside its messages. Bounded; older lines are let go. */
export interface NoiseLog {
  add(line: string, from: 'stderr' | 'stdout'): void;
  /** Oldest first, sanitized. */
  lines(): readonly string[];
  /** The first line on stdout that was no message, sanitized. */
  firstOnStdout(): string | null;
}

const MAX_LINES = 200;
const MAX_EXAMPLE_LENGTH = 120;

export function createNoiseLog(sanitize: (text: string) => string): NoiseLog {
  const kept: string[] = [];
  let example: string | null = null;
  return {
    add(line, from) {
      const safe = sanitize(line);
      if (from === 'stdout') example ??= safe.slice(0, MAX_EXAMPLE_LENGTH);
      kept.push(from === 'stdout' ? `stdout: ${safe}` : safe);
      if (kept.length > MAX_LINES) kept.shift();
    },
    lines: () => [...kept],
    firstOnStdout: () => example,
  };
}
