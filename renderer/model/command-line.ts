import { err, ok } from '../../src/shared/kernel/result.ts';
import type { Result } from '../../src/shared/kernel/result.ts';

/**
 * Cuts a pasted command line into words as a POSIX shell would read its quotes and backslashes, and does nothing else:
 * no variables, no globs, no pipes. What a shell would have interpreted is refused, because no shell will run it.
 */
export function splitCommandLine(line: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (quote !== null) {
      if (character === quote) quote = null;
      else if (character === '\\' && quote === '"' && '"\\$`'.includes(line.charAt(index + 1) || ' ')) {
        index += 1;
        word = (word ?? '') + line.charAt(index);
      } else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\') {
      index += 1;
      if (line.charAt(index) !== '\n') word = (word ?? '') + line.charAt(index);
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if ('|&;<>`'.includes(character)) {
      return err(`“${character}” needs a shell, and no shell is used. Quote it, or leave it out.`);
    } else word = (word ?? '') + character;
  }
  if (quote !== null) return err(`A quote (${quote}) is not closed.`);
  if (word !== null) words.push(word);
  return ok(words);
}
