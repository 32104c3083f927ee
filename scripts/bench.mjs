// `npm run bench`: what the gateway adds to a call, against the same server called directly and through a bare proxy.
import { existsSync } from 'node:fs';
import { reportOf } from '../test/bench/report.ts';
import { runBench } from '../test/bench/run-bench.ts';

if (!existsSync('/proc/self/stat')) {
  console.error('The bench reads processor time from /proc: run it on Linux.');
  process.exit(1);
}

const options = {
  rounds: 7,
  latencyCalls: 400,
  throughputCalls: 1_500,
  concurrency: 16,
  report: (/** @type {string} */ line) => console.error(line),
};
console.log(reportOf(await runBench(options), options));
