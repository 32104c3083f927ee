import { openEraWays, type EraWay } from './era-ways.ts';
import type { Peer } from './peers.ts';
import { CPU_CONCURRENCY, measureRounds, THROUGHPUT_CONCURRENCY, type RoundOptions, type Samples } from './rounds.ts';
import { memoryAfter, memoryPerIdleSession, startTimes, type StartTimes } from './single-figures.ts';
import { openTracingWays, type TracingWay } from './tracing-ways.ts';
import { openWays, type Way, type Ways } from './ways.ts';

export interface BenchOptions extends RoundOptions {
  /** Between the eras: many short rounds, as what is to be seen is less than what one round differs from the next. */
  readonly eraRounds: RoundOptions;
  /** Tracing on and off. */
  readonly tracingRounds: RoundOptions;
  readonly peers: readonly Peer[];
  /** Calls before resident memory is read; ten times as many before it is read again. */
  readonly memoryCalls: number;
  readonly idleSessions: number;
  readonly starts: number;
}

export interface Memory {
  /** Default budget, after `memoryCalls`. */
  readonly kept: number;
  /** A store of 32 MB, after `memoryCalls` and after ten times as many. */
  readonly earlier: number;
  readonly later: number;
  readonly perSession: number;
}

export interface Measurements {
  readonly samples: Samples;
  readonly eras: Samples<EraWay>;
  readonly tracing: Samples<TracingWay>;
  readonly memory: Memory;
  readonly starts: readonly StartTimes[];
}

const SMALL_STORE_MB = 32;
const MORE = 10;

const MOST_CALLS_AT_ONCE = Math.max(CPU_CONCURRENCY, THROUGHPUT_CONCURRENCY);

/** Measures everything, in one run on one machine. Loopback only; ends by itself. */
export async function runBench(options: BenchOptions): Promise<Measurements> {
  const samples = await measured(await openWays(options.peers, MOST_CALLS_AT_ONCE), options);
  const eras = await runEraBench(options.eraRounds);
  const tracing = await runTracingBench(options.tracingRounds);
  options.report('start times');
  const starts = await startTimes(options.peers, options.starts);
  options.report('memory');
  return { samples, eras, tracing, starts, memory: await measureMemory(options) };
}

/** Measures what the gateway costs between clients and servers of each era. */
export async function runEraBench(options: RoundOptions): Promise<Samples<EraWay>> {
  options.report('eras');
  return await measured(await openEraWays(MOST_CALLS_AT_ONCE), options);
}

/** Measures what recording costs. */
export async function runTracingBench(options: RoundOptions): Promise<Samples<TracingWay>> {
  options.report('tracing on and off');
  return await measured(await openTracingWays(MOST_CALLS_AT_ONCE), options);
}

async function measured<W extends Way>(ways: Ways<W>, options: RoundOptions): Promise<Samples<W>> {
  try {
    return await measureRounds(ways.all, options);
  } finally {
    await ways.stop();
  }
}

async function measureMemory({ memoryCalls, idleSessions }: BenchOptions): Promise<Memory> {
  const [kept = NaN] = await memoryAfter([memoryCalls], {});
  const [earlier = NaN, later = NaN] = await memoryAfter([memoryCalls, memoryCalls * MORE], {
    storeBudgetMb: SMALL_STORE_MB,
  });
  return { kept, earlier, later, perSession: await memoryPerIdleSession(idleSessions) };
}
