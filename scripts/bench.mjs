// `npm run bench`: what the gateway costs, against the same server called directly, through a bare proxy and through
// other programs of its kind, and between the eras of MCP. `--quick` leaves out the long memory run and measures fewer
// rounds; `--eras` measures nothing but the eras, `--tracing` nothing but tracing on and off. `--redaction` measures what
// redaction costs, `--store` what a list of 100,000 traces does; both fail when they miss a goal. `--otlp` measures how fast
// OTLP is read. `--redaction-peers` compares what it finds with other redactors, `--record` keeps that for docs/redaction.md.
import { existsSync, writeFileSync } from 'node:fs';
import { installPeers } from '../test/bench/peers.ts';
import { eraReport } from '../test/bench/era-report.ts';
import { comparisonReport } from '../test/bench/redaction/comparison-report.ts';
import { compareRedactors } from '../test/bench/redaction/comparison.ts';
import { installOtherRedactors } from '../test/bench/redaction/other-redactors.ts';
import { isGoalMissed, speedReport } from '../test/bench/redaction/speed-report.ts';
import { measureRedaction } from '../test/bench/redaction/speed.ts';
import { measureOtlp } from '../test/bench/otlp/otlp-figures.ts';
import { otlpReport } from '../test/bench/otlp/otlp-report.ts';
import { measureStore } from '../test/bench/store/store-figures.ts';
import { isStoreGoalMissed, storeReport } from '../test/bench/store/store-report.ts';
import { reportOf } from '../test/bench/report.ts';
import { runBench, runEraBench, runTracingBench } from '../test/bench/run-bench.ts';
import { tracingReport } from '../test/bench/tracing-report.ts';
import { inRepository } from './setup/paths.mjs';

if (!existsSync('/proc/self/schedstat')) {
  console.error('The bench reads processor time from /proc: run it on Linux.');
  process.exit(1);
}

const isQuick = process.argv.includes('--quick');
const report = (/** @type {string} */ line) => console.error(line);
const eraRounds = { rounds: isQuick ? 9 : 40, latencyCalls: 50, cpuCalls: 400, throughputCalls: 400, report };
const tracingRounds = { rounds: isQuick ? 5 : 12, latencyCalls: 50, cpuCalls: 800, throughputCalls: 1_500, report };
if (process.argv.includes('--redaction')) {
  const speed = measureRedaction({ rounds: isQuick ? 3 : 7, report });
  console.log(speedReport(speed).join('\n'));
  if (isGoalMissed(speed)) process.exitCode = 1;
} else if (process.argv.includes('--store')) {
  const figures = await measureStore({ traces: isQuick ? 10_000 : 100_000, asks: 5, report });
  console.log(storeReport(figures).join('\n'));
  if (isStoreGoalMissed(figures)) process.exitCode = 1;
} else if (process.argv.includes('--otlp')) {
  console.log(
    otlpReport(measureOtlp({ traces: isQuick ? 2_000 : 10_000, rounds: isQuick ? 3 : 9, report })).join('\n'),
  );
} else if (process.argv.includes('--redaction-peers')) {
  const others = await installOtherRedactors(report);
  const comparison = await compareRedactors(others);
  console.log(comparisonReport(comparison).join('\n'));
  const record = inRepository('test', 'bench', 'redaction', 'comparison.json');
  if (process.argv.includes('--record') && others.length > 0)
    writeFileSync(record, `${JSON.stringify(comparison, null, 2)}\n`);
} else if (process.argv.includes('--eras')) console.log(eraReport(await runEraBench(eraRounds)).join('\n'));
else if (process.argv.includes('--tracing'))
  console.log(tracingReport(await runTracingBench(tracingRounds)).join('\n'));
else {
  const options = {
    rounds: isQuick ? 3 : 5,
    latencyCalls: isQuick ? 200 : 400,
    cpuCalls: isQuick ? 1_000 : 2_000,
    throughputCalls: isQuick ? 1_000 : 2_000,
    eraRounds,
    tracingRounds,
    peers: await installPeers(report),
    memoryCalls: isQuick ? 1_000 : 10_000,
    idleSessions: isQuick ? 100 : 400,
    starts: isQuick ? 3 : 5,
    report,
  };
  console.log(reportOf(await runBench(options), options));
}
