import { describe, expect, it } from 'vitest';
import { goalRows } from './goals.ts';
import { reportOf } from './report.ts';
import { runBench } from './run-bench.ts';
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

  it('measures every way in every round, ends by itself and reports what is aimed at', async () => {
    const lines: string[] = [];
    const options = {
      peers: [],
      rounds: 2,
      latencyCalls: 5,
      cpuCalls: 40,
      throughputCalls: 40,
      memoryCalls: 20,
      idleSessions: 8,
      starts: 1,
      report: (line: string) => lines.push(line),
    };
    const result = await runBench(options);
    const names = [...result.samples.keys()].map(({ upstream, name }) => `${upstream}: ${name}`);
    expect(names).toEqual([
      'stdio: direct',
      'stdio: throughline',
      'http: direct',
      'http: bare pass-through',
      'http: throughline',
    ]);
    for (const samples of result.samples.values()) {
      expect(samples).toHaveLength(2);
      for (const { callsPerSecond } of samples) expect(callsPerSecond).toBeGreaterThan(0);
    }
    // Without peers only what needs none can be compared.
    const figures = goalRows(result).map(({ figure }) => figure);
    expect(figures).toHaveLength(4);
    const report = reportOf(result, options);
    for (const text of [...names, ...figures, 'node alone']) expect(report).toContain(text);
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    expect(lines).toEqual(['round 1 of 2', 'round 2 of 2', 'start times', 'memory']);
  });
});
