import { describe, expect, it } from 'vitest';
import { anyTypes, debts, longFiles, longFunctions, MAX_FILE_LINES, owed, owing, type Debt } from './budget.ts';
import { parseSource, readSources } from './sources.ts';

const sources = readSources(['src', 'renderer', 'test', 'scripts', 'bin'], /\.(tsx?|mjs|js|cjs)$/);

/** What is owed now. A number may fall, and is then lowered here; it never rises. */
const RATCHETS: Record<Debt, number> = {
  'double casts through unknown': 0,
  'lint rules switched off': 0,
  'expected type errors': 0,
  'formatting switched off': 0,
  'work put off': 0,
};

describe('sizes', () => {
  it('finds the files it measures', () => {
    for (const folder of ['src/', 'renderer/', 'test/', 'scripts/']) {
      expect(
        sources.some((source) => source.path.startsWith(folder)),
        folder,
      ).toBe(true);
    }
  });

  it('keeps every file under the hard limit', () => {
    expect(longFiles(sources)).toEqual([]);
  });

  it('keeps every function and component under its hard limit', () => {
    expect(longFunctions(sources)).toEqual([]);
  });

  it('declares nothing as any', () => {
    expect(anyTypes(sources)).toEqual([]);
  });
});

describe('ratchets', () => {
  it.each(Object.keys(debts) as Debt[])('%s never grow, and a fall is written down', (debt) => {
    expect(owed(sources, debt), owing(sources, debt).join('\n')).toBe(RATCHETS[debt]);
  });
});

describe('the checks of sizes can fail', () => {
  const lines = (count: number, text: string): string => Array.from({ length: count }, () => text).join('\n');

  it('on a file of one line too many', () => {
    expect(longFiles([parseSource('src/x.ts', lines(MAX_FILE_LINES, '// x'))])).toEqual([]);
    expect(longFiles([parseSource('src/x.ts', lines(MAX_FILE_LINES + 1, '// x'))])).toHaveLength(1);
  });

  it.each([
    ['a function', 'src/x.ts', `function long() {\n${lines(79, '// x')}\n}`, 1],
    ['a function of 80 lines', 'src/x.ts', `function long() {\n${lines(78, '// x')}\n}`, 0],
    ['an arrow function', 'src/x.ts', `const long = () => {\n${lines(79, '// x')}\n};`, 1],
    ['a method', 'src/x.ts', `class A {\n long() {\n${lines(79, '// x')}\n}\n}`, 1],
    ['a hook in a component file', 'renderer/x.tsx', `function useLong() {\n${lines(79, '// x')}\n}`, 1],
    ['a component of 100 lines', 'renderer/x.tsx', `function Long() {\n${lines(98, '// x')}\n}`, 0],
    ['a component of 201 lines', 'renderer/x.tsx', `const Long = memo(() => {\n${lines(199, '// x')}\n});`, 1],
    ['a group of tests', 'test/x.test.ts', `describe('x', () => {\n${lines(199, '// x')}\n});`, 0],
    ['a single test', 'test/x.test.ts', `it('x', () => {\n${lines(79, '// x')}\n});`, 1],
  ])('measuring %s', (_what, path, text, problems) => {
    expect(longFunctions([parseSource(path, text)])).toHaveLength(problems);
  });

  it('on any', () => {
    expect(anyTypes([parseSource('src/x.ts', 'const a: any = 1; const b = a as any[];')])).toHaveLength(2);
    expect(anyTypes([parseSource('src/x.ts', "const any = 'any'; // any")])).toEqual([]);
  });

  it.each<[Debt, string]>([
    ['double casts through unknown', 'const a = 1 as unknown as string;'],
    ['lint rules switched off', 'const a = 1; // eslint-disable-line'],
    ['expected type errors', '// @ts-expect-error it is wrong\nconst a = 1;'],
    ['formatting switched off', '// prettier-ignore\nconst a = 1;'],
    ['work put off', '/* TODO: later */ const a = 1;'],
  ])('on %s', (debt, text) => {
    expect(owed([parseSource('src/x.ts', text)], debt)).toBe(1);
    expect(owed([parseSource('src/x.ts', `const a = ${JSON.stringify(text)};`)], debt)).toBe(0);
  });
});
