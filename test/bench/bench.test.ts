import { describe, expect, it } from 'vitest';
import { eraReport } from './era-report.ts';
import type { Era, EraWay } from './era-ways.ts';
import { goalRows } from './goals.ts';
import { reportOf } from './report.ts';
import type { Sample } from './rounds.ts';
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

  it('shows the figures of legacy only as they are, and those of the others beside them', () => {
    const sample = (factor: number): Sample => ({
      p50Ms: factor,
      cpuMsPerCall: factor,
      callsPerSecond: factor,
      p99Ms: factor,
      rssBytes: null,
    });
    const way = (client: Era, name: string): EraWay => ({
      ...{ name, client, server: 'legacy', upstream: 'http', kind: 'ours', pid: 1 },
      call: () => Promise.resolve(),
      settle: () => Promise.resolve(),
    });
    const [, , , , base, others] = eraReport(
      new Map([
        [way('legacy', 'old'), [sample(2), sample(4), sample(4)]],
        [way('modern', 'new'), [sample(2), sample(5), sample(5)]],
      ]),
    );
    expect(base).toMatch(/^\| http: old \| 4\.000 \[2\.000-4\.000\] .*\| - +\|$/);
    expect(others).toMatch(/^\| http: new \| 1\.25 \[1\.00-1\.25\] x .*\| missed +\|$/);
  });

  it('measures every way in every round, ends by itself and reports what is aimed at', async () => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const rounds = { rounds: 2, latencyCalls: 5, cpuCalls: 40, throughputCalls: 40, report: say };
    const options = {
      ...rounds,
      eraRounds: rounds,
      tracingRounds: rounds,
      peers: [],
      memoryCalls: 20,
      idleSessions: 8,
      starts: 1,
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
    const eras = [...result.eras.keys()].map(({ upstream, name }) => `${upstream}: ${name}`);
    expect(eras).toEqual(
      ['http', 'stdio'].flatMap((upstream) => [
        `${upstream}: legacy client, legacy server`,
        `${upstream}: modern client, legacy server`,
        `${upstream}: legacy client, modern server`,
        `${upstream}: modern client, modern server`,
      ]),
    );
    const tracing = [...result.tracing.keys()].map(({ upstream, name }) => `${upstream}: ${name}`);
    expect(tracing).toEqual(
      ['off', 'on'].flatMap((state) => [
        `stdio: tool that takes 20 ms, tracing ${state}`,
        `stdio: server-everything, tracing ${state}`,
        `stdio: least server, tracing ${state}`,
        `http: least server, tracing ${state}`,
      ]),
    );
    for (const samples of [...result.samples.values(), ...result.eras.values(), ...result.tracing.values()]) {
      expect(samples).toHaveLength(2);
      for (const { callsPerSecond } of samples) expect(callsPerSecond).toBeGreaterThan(0);
    }
    // Without peers only what needs none can be compared.
    const figures = goalRows(result).map(({ figure }) => figure);
    expect(figures).toHaveLength(4);
    const report = reportOf(result, options);
    for (const text of [...names, ...eras, ...tracing, ...figures, 'node alone']) expect(report).toContain(text);
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    const each = ['round 1 of 2', 'round 2 of 2'];
    expect(lines).toEqual([...each, 'eras', ...each, 'tracing on and off', ...each, 'start times', 'memory']);
  });
});
