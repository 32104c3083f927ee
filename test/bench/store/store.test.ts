import { describe, expect, it } from 'vitest';
import { measureStore, QUERIES } from './store-figures.ts';
import { isStoreGoalMissed, storeReport } from './store-report.ts';

describe('the bench of the store', () => {
  it('R90: asks a store what a page asks, of every key what many match and what none does', async () => {
    const figures = await measureStore({ traces: 1_200, asks: 1, report: () => undefined });
    const found = new Map(figures.lists.map((list) => [list.query, list.found]));
    expect([...found.keys()]).toEqual(QUERIES);
    for (const query of ['', 'status:ok', 'dur:>1ms', 'era:legacy', 'lorem']) expect(found.get(query)).toBe(500);
    expect(found.get('tool:tool-3')).toBe(171);
    for (const query of ['tool:nothing', 'dur:>1h', 'nothing-of-the-kind', 'trace:ffff'])
      expect(found.get(query)).toBe(0);
    expect(figures.toDisk).toBeGreaterThan(0);
  });

  it('says what it found and whether that is quick enough', () => {
    const of = (query: string, millis: number) => ({ query, found: 1, millis: [millis] });
    const figures = { traces: 10, bytes: 1_048_576, toDisk: 1_500, toMemory: 500 };
    const good = { ...figures, lists: [of('', 2), of('tool:x', 99), of('word', 999)] };
    const bad = { ...figures, lists: [of('tool:x', 101)] };
    expect(isStoreGoalMissed(good)).toBe(false);
    expect(isStoreGoalMissed(bad)).toBe(true);
    const text = storeReport(bad).join('\n');
    expect(text).toMatch(/10 traces, 1 MB/);
    expect(text).toMatch(/\| `tool:x` +\| 1 +\| 101\.0 +\| missed +\|/);
    expect(text).toContain('To disk in 1.5 s, back into memory in 0.5 s.');
  });
});
