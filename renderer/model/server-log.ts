import type { ServerLog } from '../../src/shared/contract/messages.ts';
import type { ServerLogLine } from '../../src/shared/domain/server.ts';
import { MASK } from './mask.ts';
import { formatClockMillis } from './format.ts';

/** Most lines a window keeps of one server; the oldest leave first. The host keeps its own number of them. */
export const MAX_LOG_LINES = 20_000;

/**
 * Puts an answer behind the lines there are. `fresh` replaces them, because a restarted host counts anew; so does an answer
 * whose newest line is older than what was seen: a server that was started anew may have a new log.
 */
export function mergeLog(
  lines: readonly ServerLogLine[],
  answer: Pick<ServerLog, 'cursor' | 'lines'>,
  fresh: boolean,
): readonly ServerLogLine[] {
  const isAnew = fresh || answer.cursor < (lines.at(-1)?.number ?? 0);
  const kept = isAnew ? [] : lines;
  const last = kept.at(-1)?.number ?? 0;
  const added = answer.lines.filter((line) => line.number > last);
  return added.length === 0 && !isAnew ? lines : [...kept, ...added].slice(-MAX_LOG_LINES);
}

/** A row of the log: a line, or how many are missing at this place. */
export type LogRow =
  | { readonly kind: 'line'; readonly line: ServerLogLine }
  | { readonly kind: 'gap'; readonly before: number; readonly count: number };

/**
 * The lines that contain every word of `term`, whatever the case, with a row wherever lines are missing. A filter leaves
 * out lines itself, so that with one only those missing at the beginning are told.
 */
export function logRows(lines: readonly ServerLogLine[], term: string): readonly LogRow[] {
  const words = searchWords(term);
  const rows: LogRow[] = [];
  let expected = 1;
  for (const line of lines) {
    if (line.number > expected && (words.length === 0 || expected === 1))
      rows.push({ kind: 'gap', before: line.number, count: line.number - expected });
    expected = line.number + 1;
    if (contains(line.text, words)) rows.push({ kind: 'line', line });
  }
  return rows;
}

export function searchWords(term: string): readonly string[] {
  return term
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function contains(text: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
}

/** What the copy button puts on the clipboard. */
export function logText(rows: readonly LogRow[]): string {
  return rows
    .map((row) =>
      row.kind === 'gap'
        ? `(${String(row.count)} lines were dropped)`
        : `${formatClockMillis(row.line.at)} ${row.line.from} ${row.line.text}`,
    )
    .join('\n');
}

/** Index of the row that shows a line: the one with this text nearest to a moment, else the first not before it. */
export function rowNear(rows: readonly LogRow[], at: number, text: string): number {
  let best = -1;
  let distance = Infinity;
  let next = -1;
  rows.forEach((row, index) => {
    if (row.kind === 'gap') return;
    const away = Math.abs(row.line.at - at);
    if (row.line.text === text && away < distance) {
      best = index;
      distance = away;
    }
    if (next === -1 && row.line.at >= at) next = index;
  });
  if (best !== -1) return best;
  return next === -1 ? rows.length - 1 : next;
}

export interface TextStretch {
  readonly start: number;
  readonly end: number;
}

/** Where a text holds the sign that stands for something hidden. */
export function maskedStretches(text: string): readonly TextStretch[] {
  const found: TextStretch[] = [];
  for (let at = text.indexOf(MASK); at !== -1; at = text.indexOf(MASK, at + MASK.length)) {
    found.push({ start: at, end: at + MASK.length });
  }
  return found;
}
