import type { Readable } from 'node:stream';

/**
 * Calls back with each line that ends with `\n`. Node's own readline also breaks at U+2028 and U+2029, which JSON allows
 * inside strings.
 */
export function onLines(input: Readable, onLine: (line: string) => void): void {
  let pieces: string[] = [];
  input.setEncoding('utf8').on('data', (text: string) => {
    const [first = '', ...more] = text.split('\n');
    pieces.push(first);
    for (const piece of more) {
      const line = pieces.join('');
      pieces = [piece];
      onLine(line);
    }
  });
}
