import type { Spread } from './statistics.ts';

/** A Markdown table with its columns aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) => Math.max(cell.length, 3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}

export function shown({ median, lowest, highest }: Spread, digits: number): string {
  if (lowest === highest) return median.toFixed(digits);
  return `${median.toFixed(digits)} [${lowest.toFixed(digits)}-${highest.toFixed(digits)}]`;
}
