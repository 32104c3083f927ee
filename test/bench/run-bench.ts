import { eventually } from '../support/eventually.ts';
import { startGateway, type GatewayProcess } from '../support/gateway-process.ts';
import { readOtlp } from '../support/otlp.ts';
import { cpuMillis } from '../support/processes.ts';
import { newCallerContext } from '../support/trace-context.ts';
import { benchScript, httpCaller, startBenchProcess, stdioCaller, type Caller } from './callers.ts';
import { percentile } from './statistics.ts';

export const TARGETS = ['http direct', 'http proxy', 'http gateway', 'stdio direct', 'stdio gateway'] as const;

export type TargetName = (typeof TARGETS)[number];

export interface BenchOptions {
  readonly rounds: number;
  /** Calls one after the other, per target and round. */
  readonly latencyCalls: number;
  /** Calls with `concurrency` at a time, per target and round. */
  readonly throughputCalls: number;
  readonly concurrency: number;
  readonly report: (line: string) => void;
}

/** One target in one round. */
export interface Sample {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly callsPerSecond: number;
  /** Of the process in the middle, over the throughput phase; null when there is none. */
  readonly cpuMsPerCall: number | null;
}

const SPANS_PER_CALL = 5;

export type BenchResult = ReadonlyMap<TargetName, readonly Sample[]>;

interface Target {
  readonly name: TargetName;
  readonly caller: Caller;
  readonly pidInTheMiddle: number | null;
  /** Resolves when everything that was called so far has been recorded; does nothing where nothing is. */
  settle(): Promise<void>;
}

/**
 * Measures the same tool reached in five ways, round by round, so that what else the machine does hits all of them.
 * Everything runs on loopback and ends with the run.
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const echo = await startBenchProcess('echo-http-server.ts');
  const proxy = await startBenchProcess('pass-through-proxy.ts', [echo.url]);
  const stdioScript = benchScript('echo-stdio-server.ts');
  const gateway = await startGateway({
    config: {
      mcpServers: {
        http: { type: 'http', url: echo.url },
        stdio: { command: process.execPath, args: [stdioScript] },
      },
    },
  });
  const { concurrency } = options;
  const throughGateway = (server: string): Promise<Caller> =>
    httpCaller(`${gateway.origin}/servers/${server}/mcp`, concurrency, gateway.token);
  const target = async (name: TargetName, opening: Promise<Caller>, pidInTheMiddle: number | null): Promise<Target> => {
    const caller = await opening;
    const settle = name.endsWith('gateway') ? () => untilRecorded(caller, gateway) : () => Promise.resolve();
    return { name, caller, pidInTheMiddle, settle };
  };
  const targets = [
    await target('http direct', httpCaller(echo.url, concurrency, null), null),
    await target('http proxy', httpCaller(proxy.url, concurrency, null), proxy.pid),
    await target('http gateway', throughGateway('http'), gateway.ready.pid),
    await target('stdio direct', stdioCaller(stdioScript), null),
    await target('stdio gateway', throughGateway('stdio'), gateway.ready.pid),
  ];
  try {
    return await measureRounds(targets, options);
  } finally {
    await Promise.all(targets.map(({ caller }) => caller.close()));
    await gateway.stop();
    await proxy.stop();
    await echo.stop();
  }
}

async function measureRounds(targets: readonly Target[], options: BenchOptions): Promise<BenchResult> {
  const result = new Map<TargetName, Sample[]>(targets.map(({ name }) => [name, []]));
  for (const { caller, settle } of targets) {
    await callMany(caller, options.throughputCalls, options.concurrency);
    await settle();
  }
  for (let round = 0; round < options.rounds; round += 1) {
    options.report(`round ${round + 1} of ${options.rounds}`);
    // Each round begins with another target, so that none always follows the same one.
    const order = targets.map((_target, index) => targets[(index + round) % targets.length]);
    for (const target of order) {
      if (target !== undefined) result.get(target.name)?.push(await measure(target, options));
    }
  }
  return result;
}

async function measure({ caller, pidInTheMiddle, settle }: Target, options: BenchOptions): Promise<Sample> {
  const latencies: number[] = [];
  for (let call = 0; call < options.latencyCalls; call += 1) {
    const start = performance.now();
    await caller.call();
    latencies.push(performance.now() - start);
  }
  await settle();
  const cpuBefore = pidInTheMiddle === null ? 0 : cpuMillis(pidInTheMiddle);
  const start = performance.now();
  await callMany(caller, options.throughputCalls, options.concurrency);
  const seconds = (performance.now() - start) / 1_000;
  // Recording goes on behind the calls: its processor time is part of their price.
  await settle();
  const cpuMs = pidInTheMiddle === null ? null : cpuMillis(pidInTheMiddle) - cpuBefore;
  return {
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    callsPerSecond: options.throughputCalls / seconds,
    cpuMsPerCall: cpuMs === null ? null : cpuMs / options.throughputCalls,
  };
}

async function callMany(caller: Caller, calls: number, concurrency: number): Promise<void> {
  let left = calls;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await caller.call();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

/** Recorded is what came before a call whose trace is whole: the store takes everything in order. */
async function untilRecorded(caller: Caller, gateway: GatewayProcess): Promise<void> {
  const { traceId, traceparent } = newCallerContext();
  await caller.call(traceparent);
  await eventually('the last call is recorded whole', async () => {
    const response = await gateway.rest(`/api/traces/${traceId}`);
    return response.ok && readOtlp(await response.json()).length === SPANS_PER_CALL;
  });
}
