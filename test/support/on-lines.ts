import type { Readable } from 'node:stream';

/**
 * Calls back with each line that ends with `\n`. Node's own readline also breaks at U+2028 and U+2029, which JSON allows
 * inside strings.
 */
export function onLines(input: Readable, onLine: (line: string) => void): void {
  let rest = '';
  input.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}
