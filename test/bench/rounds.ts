import { cpuMillis, residentBytes } from '../support/processes.ts';
import { percentile } from './statistics.ts';
import type { Way } from './ways.ts';

export interface RoundOptions {
  readonly rounds: number;
  /** Calls one after the other, per way and round. */
  readonly latencyCalls: number;
  /** Calls 8 at a time, over which processor time is taken, per way and round. */
  readonly cpuCalls: number;
  /** Calls 32 at a time, per way and round. */
  readonly throughputCalls: number;
  readonly report: (line: string) => void;
}

/** How many calls are under way at once where processor time is measured, and where throughput is. */
export const CPU_CONCURRENCY = 8;
export const THROUGHPUT_CONCURRENCY = 32;

/** One way in one round. */
export interface Sample {
  /** One call at a time. */
  readonly p50Ms: number;
  /** Of the process in the middle, 8 calls at a time; null when there is none. */
  readonly cpuMsPerCall: number | null;
  /** 32 calls at a time. */
  readonly callsPerSecond: number;
  readonly p99Ms: number;
  /** Resident memory of the process in the middle at the end of the round. */
  readonly rssBytes: number | null;
}

export type Samples<W extends Way = Way> = ReadonlyMap<W, readonly Sample[]>;

/** Measures every way in every round, so that what else the machine does hits all of them. */
export async function measureRounds<W extends Way>(ways: readonly W[], options: RoundOptions): Promise<Samples<W>> {
  const result = new Map<W, Sample[]>(ways.map((way) => [way, []]));
  for (const way of ways) {
    await callMany(way, options.cpuCalls, CPU_CONCURRENCY);
    await way.settle();
  }
  for (let round = 0; round < options.rounds; round += 1) {
    options.report(`round ${round + 1} of ${options.rounds}`);
    // Each round begins with another way, so that none always follows the same one.
    const order = ways.map((_way, index) => ways[(index + round) % ways.length]);
    for (const way of order) if (way !== undefined) result.get(way)?.push(await measure(way, options));
  }
  return result;
}

async function measure(way: Way, options: RoundOptions): Promise<Sample> {
  const alone = await callMany(way, options.latencyCalls, 1);
  await way.settle();
  const cpuBefore = way.pid === null ? 0 : cpuMillis(way.pid);
  await callMany(way, options.cpuCalls, CPU_CONCURRENCY);
  // Recording goes on behind the calls: its processor time is part of their price.
  await way.settle();
  const cpuMs = way.pid === null ? null : cpuMillis(way.pid) - cpuBefore;
  const start = performance.now();
  const crowded = await callMany(way, options.throughputCalls, THROUGHPUT_CONCURRENCY);
  const seconds = (performance.now() - start) / 1_000;
  await way.settle();
  return {
    p50Ms: percentile(alone, 0.5),
    cpuMsPerCall: cpuMs === null ? null : cpuMs / options.cpuCalls,
    callsPerSecond: options.throughputCalls / seconds,
    p99Ms: percentile(crowded, 0.99),
    rssBytes: way.pid === null ? null : residentBytes(way.pid),
  };
}

/** Milliseconds that each call took. */
export async function callMany(way: Pick<Way, 'call'>, calls: number, concurrency: number): Promise<number[]> {
  const latencies: number[] = [];
  let left = calls;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      await way.call();
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return latencies;
}
