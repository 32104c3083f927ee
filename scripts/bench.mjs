// `npm run bench`: what the gateway costs, against the same server called directly, through a bare proxy and through
// other programs of its kind. `--quick` leaves out the long memory run and measures fewer rounds.
import { existsSync } from 'node:fs';
import { installPeers } from '../test/bench/peers.ts';
import { reportOf } from '../test/bench/report.ts';
import { runBench } from '../test/bench/run-bench.ts';

if (!existsSync('/proc/self/stat')) {
  console.error('The bench reads processor time from /proc: run it on Linux.');
  process.exit(1);
}

const isQuick = process.argv.includes('--quick');
const report = (/** @type {string} */ line) => console.error(line);
const options = {
  peers: await installPeers(report),
  rounds: isQuick ? 3 : 5,
  latencyCalls: isQuick ? 200 : 400,
  cpuCalls: isQuick ? 1_000 : 2_000,
  throughputCalls: isQuick ? 1_000 : 2_000,
  memoryCalls: isQuick ? 1_000 : 10_000,
  idleSessions: isQuick ? 100 : 400,
  starts: isQuick ? 3 : 5,
  report,
};
console.log(reportOf(await runBench(options), options));
