import { describe, expect, it } from 'vitest';
import { reportOf } from './report.ts';
import { runBench, TARGETS } from './run-bench.ts';
import { median, percentile, spreadOf } from './statistics.ts';

describe('the bench', () => {
  it('takes percentiles by nearest rank, whatever the order', () => {
    const values = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6];
    expect(percentile(values, 0.5)).toBe(5);
    expect(percentile(values, 0.95)).toBe(10);
    expect(percentile([7], 0.95)).toBe(7);
    expect(median([3, 1, 2])).toBe(2);
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, lowest: 1, highest: 3 });
    expect(() => percentile([], 0.5)).toThrow();
  });

  it('measures every way to the tool in every round, ends by itself and reports ratios', async () => {
    const lines: string[] = [];
    const options = {
      rounds: 2,
      latencyCalls: 5,
      throughputCalls: 20,
      concurrency: 4,
      report: (line: string) => lines.push(line),
    };
    const result = await runBench(options);
    expect([...result.keys()]).toEqual([...TARGETS]);
    for (const samples of result.values()) {
      expect(samples).toHaveLength(2);
      for (const sample of samples) expect(sample.callsPerSecond).toBeGreaterThan(0);
    }
    const report = reportOf(result, options);
    for (const name of TARGETS) expect(report).toContain(name);
    expect(report).toContain('http: gateway / proxy');
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    expect(lines).toEqual(['round 1 of 2', 'round 2 of 2']);
  });
});
