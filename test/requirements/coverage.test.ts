import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSource, readSources, ROOT } from '../architecture/sources.ts';
import { citationsOf } from './citations.ts';
import { citationProblems, guardProblems, rowProblems } from './ledger.ts';
import { renderLedger } from './render.ts';
import { areas, requirements } from './requirements.ts';
import { notApplicable, partly, planned, proven } from './row.ts';

const { citations, malformed } = citationsOf(readSources(['test'], /\.test\.tsx?$/));

function read(path: string): string | null {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : null;
}

describe('the ledger of requirements', () => {
  it('has a row for each requirement', () => {
    expect(rowProblems(requirements)).toEqual([]);
  });

  it('agrees with what the tests cite', () => {
    expect(citations.length).toBeGreaterThan(0);
    expect(malformed).toEqual([]);
    expect(citationProblems(requirements, citations)).toEqual([]);
  });

  it('names a place in the source that is there exactly once', () => {
    expect(guardProblems(requirements, read)).toEqual([]);
  });

  it('is the page that people read', () => {
    expect(read('docs/requirements.md'), 'run "npm run ledger:docs"').toBe(renderLedger(areas));
  });
});

describe('the checks of the ledger can fail', () => {
  const evidence = { test: 'test/a.test.ts', guard: { file: 'src/a.ts', find: 'check();', replace: '' } };
  const citing = (text: string): ReturnType<typeof citationsOf> => citationsOf([parseSource('test/a.test.ts', text)]);

  it('on a row that is missing, double or unknown', () => {
    const rows = [...requirements.slice(1), planned('R2', 'again'), planned('R104', 'what')];
    expect(rowProblems(rows)).toEqual(['R1 has no row', 'R2 has two rows', 'R104 is no requirement']);
  });

  it('on a citation of nothing, and on a proven row without one', () => {
    const row = proven('R1', 'text', evidence);
    expect(citationProblems([row], citing("it('R1: x', f)").citations)).toEqual([]);
    expect(citationProblems([row], [])).toHaveLength(1);
    expect(citationProblems([row], citing("it('R1, R999: x', f)").citations)).toHaveLength(1);
    expect(citationProblems([partly('R1', 'text', 'most', evidence)], [])).toHaveLength(1);
  });

  it('on a row that says less than the tests do', () => {
    const { citations: cited } = citing("it('R1: x', f)");
    expect(citationProblems([planned('R1', 'text')], cited)).toHaveLength(1);
    expect(citationProblems([notApplicable('R1', 'text', 'none')], cited)).toHaveLength(1);
  });

  it('on a guard that is not there exactly once', () => {
    const row = proven('R1', 'text', evidence);
    expect(guardProblems([row], () => 'check();')).toEqual([]);
    expect(guardProblems([row], () => 'check(); check();')).toHaveLength(1);
    expect(guardProblems([row], () => '')).toHaveLength(1);
    expect(guardProblems([row], () => null)).toHaveLength(1);
  });

  it('on a title that begins like a citation and is none', () => {
    expect(citing("it('R7 does a thing', f)").malformed).toHaveLength(1);
    expect(citing("it('R7;S2: does a thing', f)").malformed).toHaveLength(1);
  });

  it.each([
    ["it('R7: x', f)", ['R7']],
    ["it.each(table)('R7, S2: %s', f)", ['R7', 'S2']],
    ["it('R7 S2: x', f)", ['R7', 'S2']],
    ["describe.skipIf(none)('S10: x', f)", ['S10']],
    ['test(`R7: $' + '{name}`, f)', ['R7']],
    ["it.skip('R7: x', f)", []],
    ["it('says R7: x', f)", []],
  ])('reading %s', (text, ids) => {
    expect(citing(text).citations.map(({ id }) => id)).toEqual(ids);
  });
});
