import type { Citation } from './citations.ts';
import type { Requirement } from './row.ts';

const R_ROWS = 103;
const S_ROWS = 29;

function numbered(letter: 'R' | 'S', count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${String(index + 1)}`);
}

/** Rows that are not there, or there twice. */
export function rowProblems(rows: readonly Requirement[]): string[] {
  const ids = rows.map((row): string => row.id);
  const expected = [...numbered('R', R_ROWS), ...numbered('S', S_ROWS)];
  return [
    ...expected.filter((id) => !ids.includes(id)).map((id) => `${id} has no row`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} has two rows`),
    ...ids.filter((id) => !expected.includes(id)).map((id) => `${id} is no requirement`),
  ];
}

/** Where the ledger and the titles of the tests disagree. */
export function citationProblems(rows: readonly Requirement[], citations: readonly Citation[]): string[] {
  const known = new Set<string>(rows.map((row) => row.id));
  const unknown = citations
    .filter(({ id }) => !known.has(id))
    .map(({ id, file }) => `${file} cites ${id}, which is no requirement`);
  const byRow = rows.flatMap((row) => {
    const files = [...new Set(citations.filter(({ id }) => id === row.id).map(({ file }) => file))];
    if (row.state === 'proven' || row.state === 'partly') {
      return files.includes(row.test) ? [] : [`${row.id} is ${row.state} by ${row.test}, which does not cite it`];
    }
    return files.length === 0
      ? []
      : [`${row.id} is ${row.state}, but ${files.join(', ')} cites it: say what guards it`];
  });
  return [...unknown, ...byRow];
}

/** Guards that cannot be applied. `read` gives a file's text, or null when there is no such file. */
export function guardProblems(rows: readonly Requirement[], read: (path: string) => string | null): string[] {
  return rows.flatMap((row) => {
    if (row.state !== 'proven' && row.state !== 'partly') return [];
    const { file, find, replace } = row.guard;
    const text = read(file);
    if (text === null) return [`${row.id} guards ${file}, which does not exist`];
    if (find === replace) return [`${row.id} replaces its place by itself`];
    const count = find === '' ? 0 : text.split(find).length - 1;
    return count === 1
      ? []
      : [`${row.id}: ${file} has ${String(count)} places that read ${JSON.stringify(find)}, not one`];
  });
}
