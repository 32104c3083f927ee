import { availableParallelism, cpus, release } from 'node:os';
import { eraReport } from './era-report.ts';
import { goalRows } from './goals.ts';
import { CPU_CONCURRENCY, THROUGHPUT_CONCURRENCY, type Sample } from './rounds.ts';
import type { BenchOptions, Measurements } from './run-bench.ts';
import { spreadOf } from './statistics.ts';
import { shown, table } from './table.ts';
import { tracingReport } from './tracing-report.ts';

/** The whole result as Markdown: what it was measured on, the goals, then every way by itself. */
export function reportOf(measurements: Measurements, options: BenchOptions): string {
  return [
    ...surroundings(options),
    '',
    ...goals(measurements),
    '',
    ...ways(measurements),
    '',
    ...eraReport(measurements.eras),
    '',
    ...tracingReport(measurements.tracing),
    '',
    ...starts(measurements),
  ].join('\n');
}

function surroundings({ rounds, latencyCalls, cpuCalls, throughputCalls, memoryCalls, idleSessions }: BenchOptions) {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `Node ${process.versions.node}, Linux ${release()}, ${availableParallelism()} x ${model}.`,
    `${rounds} rounds; per way and round ${latencyCalls} calls one by one, ${cpuCalls} calls ${CPU_CONCURRENCY} at a time ` +
      `(processor time), ${throughputCalls} calls ${THROUGHPUT_CONCURRENCY} at a time (calls/s, p99). ` +
      `Memory after ${memoryCalls} calls; ${idleSessions} idle sessions.`,
    'Medians over the rounds, lowest and highest round in brackets. Processor time and memory are those of the process in the middle.',
  ];
}

function goals(measurements: Measurements): string[] {
  const rows = goalRows(measurements).map(({ figure, measured, unit, goal, isMet }) => [
    figure,
    `${shown(measured, 2)} ${unit}`,
    goal,
    isMet === null ? '-' : isMet ? 'met' : 'missed',
  ]);
  return table(['figure', 'measured', 'goal', ''], rows);
}

function ways({ samples }: Measurements): string[] {
  const rows = [...samples].map(([way, all]) => {
    const over = (pick: (sample: Sample) => number | null, digits: number): string => {
      const values = all.map(pick).filter((value) => value !== null);
      return values.length === 0 ? '-' : shown(spreadOf(values), digits);
    };
    return [
      `${way.upstream}: ${way.name}`,
      over(({ p50Ms }) => p50Ms, 3),
      over(({ cpuMsPerCall }) => cpuMsPerCall, 3),
      over(({ callsPerSecond }) => callsPerSecond, 0),
      over(({ p99Ms }) => p99Ms, 2),
      over(({ rssBytes }) => (rssBytes === null ? null : rssBytes / 1_024 / 1_024), 0),
    ];
  });
  return table(['way', 'p50 ms', 'CPU ms/call', 'calls/s', 'p99 ms', 'RSS MB'], rows);
}

function starts(measurements: Measurements): string[] {
  const rows = measurements.starts.map(({ name, millis }) => [name, shown(spreadOf(millis), 0)]);
  return table(['spawn to first answered call', 'ms'], rows);
}
