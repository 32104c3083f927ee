import type { Measurements } from './run-bench.ts';
import { median, spreadOf, type Spread } from './statistics.ts';
import type { Sample } from './rounds.ts';
import type { Way } from './ways.ts';

/** One figure with its goal. */
export interface GoalRow {
  readonly figure: string;
  /** Over the rounds where there are rounds. */
  readonly measured: Spread;
  readonly unit: string;
  readonly goal: string;
  /** Null when there was nothing to compare with. */
  readonly isMet: boolean | null;
}

const MEBIBYTE = 1_024 * 1_024;
const CPU_PEERS = /^mcp-(?:hub|proxy) /;

/** What is aimed at, and where the run stands. Ratios are taken within a round, then the median over the rounds. */
export function goalRows(measurements: Measurements): readonly GoalRow[] {
  return [...roundRows(measurements), ...singleRows(measurements)];
}

function roundRows({ samples }: Measurements): GoalRow[] {
  const ways = [...samples.keys()];
  const find = (upstream: Way['upstream'], kind: Way['kind']): Way | undefined =>
    ways.find((way) => way.upstream === upstream && way.kind === kind);
  const stdio = find('stdio', 'ours');
  const http = find('http', 'ours');
  const bare = find('http', 'bare');
  const peers = ways.filter(({ kind }) => kind === 'peer');
  const against = (
    figure: string,
    ours: Way | undefined,
    others: readonly (Way | undefined)[],
    [pick, best]: readonly [(sample: Sample) => number, (values: readonly number[]) => number],
    [limit, isAtMost]: readonly [number, boolean],
  ): GoalRow[] => {
    const present = others.filter((way) => way !== undefined);
    if (ours === undefined || present.length === 0) return [];
    const ratios = (samples.get(ours) ?? []).map((sample, round) => {
      const values = present.map((way) => samples.get(way)?.[round]).filter((other) => other !== undefined);
      return pick(sample) / best(values.map(pick));
    });
    const measured = spreadOf(ratios);
    const goal = `${isAtMost ? '<=' : '>='} ${limit.toFixed(2)}`;
    return [
      { figure, measured, unit: 'x', goal, isMet: isAtMost ? measured.median <= limit : measured.median >= limit },
    ];
  };
  const least = (values: readonly number[]): number => Math.min(...values);
  const most = (values: readonly number[]): number => Math.max(...values);
  const cpu = (sample: Sample): number => sample.cpuMsPerCall ?? NaN;
  const cpuPeers = peers.filter(({ name }) => CPU_PEERS.test(name));
  return [
    ...against(
      'CPU per call, stdio, 8 at once / best of mcp-hub, mcp-proxy',
      stdio,
      cpuPeers,
      [cpu, least],
      [0.4, true],
    ),
    ...against('CPU per call, HTTP, 8 at once / bare pass-through', http, [bare], [cpu, least], [1.5, true]),
    ...against('p50, stdio, one at a time / best peer', stdio, peers, [({ p50Ms }) => p50Ms, least], [0.85, true]),
    ...against('calls/s, stdio, 32 at once / best peer', stdio, peers, [(s) => s.callsPerSecond, most], [1.5, false]),
    ...against('p99, stdio, 32 at once / best peer', stdio, peers, [({ p99Ms }) => p99Ms, least], [1, true]),
  ];
}

function singleRows({ memory, starts }: Measurements): GoalRow[] {
  const one = (figure: string, value: number, unit: string, limit: number): GoalRow => ({
    figure,
    measured: spreadOf([value]),
    unit,
    goal: `<= ${limit}`,
    isMet: value <= limit,
  });
  const ours = starts.find(({ name }) => name === 'throughline');
  const peers = starts.filter(({ name }) => name !== 'throughline' && name !== 'node alone');
  const best = peers.length === 0 ? null : Math.min(...peers.map(({ millis }) => median(millis)));
  return [
    one('RSS after the first calls, traces kept', memory.kept / MEBIBYTE, 'MB', 160),
    one('RSS with a 32 MB store: after ten times the calls / before', memory.later / memory.earlier, 'x', 1.2),
    one('RSS per idle client session, shared upstream', memory.perSession / MEBIBYTE, 'MB', 0.5),
    ...(ours === undefined || best === null
      ? []
      : [
          {
            figure: 'spawn to first answered call / best peer',
            measured: spreadOf(ours.millis.map((value) => value / best)),
            unit: 'x',
            goal: '<= 1.00',
            isMet: median(ours.millis) <= best,
          },
        ]),
  ];
}
