import { availableParallelism, cpus, release } from 'node:os';
import { spreadOf, type Spread } from './statistics.ts';
import { TARGETS, type BenchOptions, type BenchResult, type Sample, type TargetName } from './run-bench.ts';

/** The whole result as text: absolute medians first, then the ratios that can be compared between machines. */
export function reportOf(result: BenchResult, options: BenchOptions): string {
  return [...surroundings(options), '', ...absolutes(result), '', ...ratios(result)].join('\n');
}

function surroundings({ rounds, latencyCalls, throughputCalls, concurrency }: BenchOptions): string[] {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `Node ${process.versions.node}, Linux ${release()}, ${availableParallelism()} x ${model}`,
    `${rounds} rounds; per target and round ${latencyCalls} calls one by one, then ${throughputCalls} calls, ${concurrency} at a time`,
    'Medians over the rounds, lowest and highest round in brackets; CPU is that of the process in the middle',
  ];
}

function absolutes(result: BenchResult): string[] {
  const lines = [row('', ['p50 ms', 'p95 ms', 'calls/s', 'CPU ms/call'])];
  for (const name of TARGETS) {
    const samples = samplesOf(result, name);
    const cpu = samples.map(({ cpuMsPerCall }) => cpuMsPerCall).filter((value) => value !== null);
    lines.push(
      row(name, [
        shown(spreadOf(samples.map(({ p50Ms }) => p50Ms)), 3),
        shown(spreadOf(samples.map(({ p95Ms }) => p95Ms)), 3),
        shown(spreadOf(samples.map(({ callsPerSecond }) => callsPerSecond)), 0),
        cpu.length === 0 ? '-' : shown(spreadOf(cpu), 3),
      ]),
    );
  }
  return lines;
}

type Comparison = readonly [label: string, of: TargetName, to: TargetName];

const COMPARISONS: readonly Comparison[] = [
  ['http: gateway / direct', 'http gateway', 'http direct'],
  ['http: proxy / direct', 'http proxy', 'http direct'],
  ['http: gateway / proxy', 'http gateway', 'http proxy'],
  ['stdio: gateway / direct', 'stdio gateway', 'stdio direct'],
];

function ratios(result: BenchResult): string[] {
  const lines = [row('ratio', ['p50', 'p95', 'calls/s', 'CPU', 'added p50 ms', 'added p95 ms'])];
  for (const [label, of, to] of COMPARISONS) {
    const pairs = samplesOf(result, of).map((sample, round) => [sample, sampleOf(result, to, round)] as const);
    const over = (pick: (sample: Sample) => number): Spread =>
      spreadOf(pairs.map(([sample, base]) => pick(sample) / pick(base)));
    const added = (pick: (sample: Sample) => number): Spread =>
      spreadOf(pairs.map(([sample, base]) => pick(sample) - pick(base)));
    const hasCpu = pairs.every(([sample, base]) => sample.cpuMsPerCall !== null && base.cpuMsPerCall !== null);
    lines.push(
      row(label, [
        shown(
          over(({ p50Ms }) => p50Ms),
          2,
        ),
        shown(
          over(({ p95Ms }) => p95Ms),
          2,
        ),
        shown(
          over(({ callsPerSecond }) => callsPerSecond),
          2,
        ),
        hasCpu
          ? shown(
              over(({ cpuMsPerCall }) => cpuMsPerCall ?? NaN),
              2,
            )
          : '-',
        shown(
          added(({ p50Ms }) => p50Ms),
          3,
        ),
        shown(
          added(({ p95Ms }) => p95Ms),
          3,
        ),
      ]),
    );
  }
  return lines;
}

function samplesOf(result: BenchResult, name: TargetName): readonly Sample[] {
  return result.get(name) ?? [];
}

function sampleOf(result: BenchResult, name: TargetName, round: number): Sample {
  const sample = samplesOf(result, name)[round];
  if (sample === undefined) throw new Error(`Round ${round} of ${name} is missing.`);
  return sample;
}

function shown({ median, lowest, highest }: Spread, digits: number): string {
  return `${median.toFixed(digits)} [${lowest.toFixed(digits)}-${highest.toFixed(digits)}]`;
}

const LABEL_WIDTH = 25;
const CELL_WIDTH = 23;

function row(label: string, cells: readonly string[]): string {
  return (label.padEnd(LABEL_WIDTH) + cells.map((cell) => cell.padEnd(CELL_WIDTH)).join('')).trimEnd();
}
