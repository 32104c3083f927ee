import { describe, expect, it } from 'vitest';
import {
  logRows,
  logText,
  MAX_LOG_LINES,
  maskedStretches,
  mergeLog,
  rowNear,
} from '../../../renderer/model/server-log.ts';
import type { LogRow } from '../../../renderer/model/server-log.ts';
import type { ServerLogLine } from '../../../src/shared/domain/server.ts';

const line = (number: number, text = `line ${String(number)}`): ServerLogLine => ({
  number,
  at: number * 1_000,
  from: 'stderr',
  text,
});
const shown = (rows: readonly LogRow[]) =>
  rows.map((row) => (row.kind === 'gap' ? `-${String(row.count)}` : row.line.number));

describe('the lines a window keeps', () => {
  it('grow by what came, take nothing twice, and begin anew when the host counts anew', () => {
    const first = mergeLog([], { cursor: 2, lines: [line(1), line(2)] }, true);
    const second = mergeLog(first, { cursor: 3, lines: [line(2), line(3)] }, false);
    expect(second.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(mergeLog(second, { cursor: 3, lines: [] }, false)).toBe(second);
    expect(mergeLog(second, { cursor: 1, lines: [line(1)] }, true).map(({ number }) => number)).toEqual([1]);
    const anew = mergeLog(second, { cursor: 1, lines: [line(1, 'of a new process')] }, false);
    expect(anew.map(({ text }) => text)).toEqual(['of a new process']);
  });

  it('are bounded: the oldest leave', () => {
    const many = Array.from({ length: MAX_LOG_LINES }, (_, index) => line(index + 1));
    const kept = mergeLog(many, { cursor: MAX_LOG_LINES + 1, lines: [line(MAX_LOG_LINES + 1)] }, false);
    expect(kept).toHaveLength(MAX_LOG_LINES);
    expect(kept[0]?.number).toBe(2);
  });
});

describe('the rows of a log', () => {
  it('say how many lines are missing, before the first and between', () => {
    expect(shown(logRows([line(5), line(6), line(9)], ''))).toEqual(['-4', 5, 6, '-2', 9]);
    expect(shown(logRows([line(1), line(2)], ''))).toEqual([1, 2]);
  });

  it('are those with every word, whatever the case, and then only tell what is missing at the beginning', () => {
    const lines = [line(3, 'GET /a 200'), line(4, 'POST /a'), line(7, 'get /b 404')];
    expect(shown(logRows(lines, ' get '))).toEqual(['-2', 3, 7]);
    expect(shown(logRows(lines, 'get 404'))).toEqual(['-2', 7]);
  });

  it('are copied with their time and stream, and with what is missing', () => {
    expect(logText(logRows([line(2, 'hello')], ''))).toMatch(
      /^\(1 lines were dropped\)\n\d\d:\d\d:\d\d\.000 stderr hello$/,
    );
  });
});

describe('a line known from a call', () => {
  const rows = logRows([line(1, 'same'), line(2, 'other'), line(3, 'same')], '');

  it('is found by its text nearest in time, else by its time alone', () => {
    expect(rowNear(rows, 2_900, 'same')).toBe(2);
    expect(rowNear(rows, 1_100, 'same')).toBe(0);
    expect(rowNear(rows, 1_500, 'gone')).toBe(1);
    expect(rowNear(rows, 9_000, 'gone')).toBe(2);
  });
});

describe('what was hidden in a line', () => {
  it('is every place of the mask', () => {
    expect(maskedStretches('a=••• b=•••')).toEqual([
      { start: 2, end: 5 },
      { start: 8, end: 11 },
    ]);
    expect(maskedStretches('plain')).toEqual([]);
  });
});
