import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../architecture/sources.ts';

/** One row of a table, by the column's heading. */
export type Row = Readonly<Record<string, string>>;

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The text below a heading up to the next one, whatever their levels. Throws when there is no such heading. */
export function sectionOf(page: string, heading: string): string {
  const lines = page.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (start === -1) throw new Error(`There is no heading "${heading}".`);
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line));
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** Every table of a text, in order. */
export function tablesOf(text: string): readonly (readonly Row[])[] {
  const blocks = text.split(/\n(?!\|)/).map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  return blocks.filter((lines) => lines.length > 2).map(rowsOf);
}

/** The only table below a heading. */
export function tableOf(page: string, heading: string): readonly Row[] {
  const tables = tablesOf(sectionOf(page, heading));
  const [table] = tables;
  if (table === undefined || tables.length > 1) throw new Error(`"${heading}" has ${tables.length} tables, not one.`);
  return table;
}

/** What stands between backticks in a cell, in order. */
export function codeIn(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

/** The first code of each row's column: what the row is about. */
export function subjects(table: readonly Row[], column: string): readonly string[] {
  return table.map((row) => codeIn(row[column])[0] ?? `no code in "${row[column] ?? ''}"`);
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...page.replace(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function rowsOf(lines: readonly string[]): readonly Row[] {
  const [head, , ...rows] = lines.map(cellsOf);
  return rows.map((cells) => Object.fromEntries((head ?? []).map((name, index) => [name, cells[index] ?? ''])));
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
