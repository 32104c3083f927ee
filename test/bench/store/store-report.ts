import { median, spreadOf } from '../statistics.ts';
import { shown, table } from '../table.ts';
import type { ListFigure, StoreFigures } from './store-figures.ts';

/** Milliseconds in which a list is there (R90). */
const MOST_MILLIS = 100;
/** Words are looked for in every body, by decision 6. */
const MOST_MILLIS_FOR_WORDS = 1_000;

/** What a page waits for when very many traces are kept. */
export function storeReport({ traces, bytes, lists, toDisk, toMemory }: StoreFigures): string[] {
  const mebibytes = bytes / 1_024 / 1_024;
  const rows = lists.map((figure) => [
    figure.query === '' ? '(all)' : `\`${figure.query}\``,
    String(figure.found),
    shown(spreadOf(figure.millis), 1),
    isMet(figure) ? 'met' : 'missed',
  ]);
  const goal = `<= ${MOST_MILLIS} ms, words <= ${MOST_MILLIS_FOR_WORDS} ms`;
  return [
    `${traces} traces, ${mebibytes.toFixed(0)} MB, in memory; the newest 500 that match. Medians, lowest and highest in brackets.`,
    '',
    ...table(['filter', 'found', 'ms', goal], rows),
    '',
    `To disk in ${(toDisk / 1_000).toFixed(1)} s, back into memory in ${(toMemory / 1_000).toFixed(1)} s.`,
  ];
}

export function isStoreGoalMissed({ lists }: StoreFigures): boolean {
  return !lists.every(isMet);
}

function isMet({ query, millis }: ListFigure): boolean {
  const isWord = query !== '' && !query.includes(':');
  return median(millis) <= (isWord ? MOST_MILLIS_FOR_WORDS : MOST_MILLIS);
}
